-- expect: refuse from the index
function check()
  local trap = setmetatable({}, { __index = function() deny("from the index") end })
  pcall(table.concat, trap, ",", 1, 2)
  return replace({})
end
