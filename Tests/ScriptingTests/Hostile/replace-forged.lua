-- expect: fault check returned a table
function check()
  local made = replace({})
  return setmetatable({}, { __index = made, __metatable = getmetatable(made), __name = "replace" })
end
