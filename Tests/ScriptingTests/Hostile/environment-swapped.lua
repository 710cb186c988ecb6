-- expect: pass
local outer = _ENV
function check()
  local _ENV = setmetatable({}, { __index = outer, __newindex = outer })
  pairs, pcall, null = nil, nil, nil
  local _ENV <const> = outer
  if pcall == nil then pcall = null end
end
