-- expect: fault more instructions
function check()
  local t = setmetatable({}, { __index = function() while true do end end })
  return pcall(function() return t.x end)
end
