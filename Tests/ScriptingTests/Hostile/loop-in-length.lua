-- expect: fault more instructions
function check()
  local t = setmetatable({}, { __len = function() while true do end end })
  return #t > 0
end
