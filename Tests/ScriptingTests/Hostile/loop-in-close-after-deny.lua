-- expect: refuse denied
local function forever() while true do end end
function check()
  local a <close> = setmetatable({}, { __close = forever })
  deny("denied")
end
