-- expect: fault more instructions
function check()
  local function handler() return xpcall(error, function() while true do pcall(error) end end) end
  while true do xpcall(error, handler) end
end
