-- expect: fault retry_after is a number of seconds
function check()
  pcall(deny, "later", { retry_after = "soon" })
  return true
end
