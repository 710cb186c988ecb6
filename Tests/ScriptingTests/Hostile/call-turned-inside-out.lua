-- expect: fault attempt to compare
function check(call)
  if pcall(setmetatable, call, {}) then deny("another metatable") end
  for name in pairs(call) do rawset(call, name, nil) end
  if next(call) or call.session then deny("it is back") end
  for i = 1, 3 do call[i] = {} end
  pcall(json.encode, json.array(call))
  table.sort(call)
end
