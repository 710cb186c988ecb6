-- expect: refuse from the loop's end
function check()
  local function nothing() end
  pcall(function()
    for _ in nothing, nil, nil, setmetatable({}, { __close = function() deny("from the loop's end") end }) do end
  end)
  return true
end
