-- expect: fault more instructions
function check()
  xpcall(function() while true do end end, function() while true do end end)
  return true
end
