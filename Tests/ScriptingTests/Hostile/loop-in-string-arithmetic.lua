-- expect: fault more instructions
function check()
  getmetatable("").__add = function() while true do end end
  return "x" + 1
end
