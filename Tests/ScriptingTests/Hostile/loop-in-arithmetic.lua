-- expect: fault more instructions
function check()
  local t = setmetatable({}, { __unm = function() while true do end end })
  return -t
end
