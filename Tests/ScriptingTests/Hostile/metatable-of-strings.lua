-- expect: pass
function check()
  local meta = getmetatable("")
  meta.__index, meta.__metatable = _ENV, "locked"
  if ("deny").pcall ~= pcall then deny("no index") end
  if pcall(setmetatable, "", {}) then deny("a string's metatable was set") end
  if getmetatable("") ~= "locked" then deny("not locked") end
end
