-- expect: fault more instructions
function check()
  local t = setmetatable({}, { __index = function() while true do end end })
  return (("x"):gsub(".", t))
end
