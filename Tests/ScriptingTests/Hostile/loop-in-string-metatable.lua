-- expect: fault more instructions
function check()
  getmetatable("").__index = function() while true do end end
  return ("x").anything
end
