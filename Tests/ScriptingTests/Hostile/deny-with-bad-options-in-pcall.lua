-- expect: fault options is a table, not a number
function check()
  xpcall(deny, function() return true end, "later", 5)
  return true
end
