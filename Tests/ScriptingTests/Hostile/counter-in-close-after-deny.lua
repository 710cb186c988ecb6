-- expect: refuse first
function check()
  local how = { max = 1000000, window = 60 }
  local late <close> = setmetatable({}, { __close = function() for _ = 1, 64 do counter.reserve("c", 1, how) end end })
  deny("first")
end
