-- expect: fault a reason is a string, not a table
function check()
  pcall(deny, { "reason" })
  return true
end
