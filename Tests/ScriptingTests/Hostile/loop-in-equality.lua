-- expect: fault more instructions
function check()
  local t = setmetatable({}, { __eq = function() while true do end end })
  return t == setmetatable({}, getmetatable(t))
end
