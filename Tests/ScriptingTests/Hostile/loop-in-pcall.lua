-- expect: fault more instructions
function check()
  while true do pcall(function() while true do end end) end
end
