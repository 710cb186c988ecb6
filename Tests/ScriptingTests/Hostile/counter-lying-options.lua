-- expect: refuse caught
function check()
  local ok = pcall(counter.reserve, "c", 1, setmetatable({}, {
    __index = function() return 60 end,
    __pairs = function() deny("never asked") end,
  }))
  return ok, "caught"
end
