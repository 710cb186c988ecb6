-- expect: fault more instructions
local function forever() while true do end end
function check()
  local a <close> = setmetatable({}, { __close = forever })
  local b <close> = setmetatable({}, { __close = forever })
  local c <close> = setmetatable({}, { __close = forever })
  while true do end
end
