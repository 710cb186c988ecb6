-- expect: fault more instructions
function check()
  local t = setmetatable({}, { __call = function() while true do end end })
  t()
end
