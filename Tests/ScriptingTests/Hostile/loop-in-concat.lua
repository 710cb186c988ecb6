-- expect: fault more instructions
function check()
  local t = setmetatable({}, { __concat = function() while true do end end })
  return t .. 'x'
end
