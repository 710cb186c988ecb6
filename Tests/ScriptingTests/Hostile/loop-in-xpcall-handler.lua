-- expect: fault more instructions
function check()
  xpcall(error, function() while true do end end)
  return true
end
