-- expect: pass
function check(call)
  local shown = getmetatable(call)
  if type(shown) == "table" then deny("the metatable of call") end
  if pcall(setmetatable, call, {}) then deny("the metatable of call was replaced") end
  if type(getmetatable(ask("x"))) == "table" then deny("the metatable of ask") end
end
