-- expect: fault more instructions
function check()
  local t = setmetatable({}, { __newindex = function() while true do end end })
  t.x = 1
end
