-- expect: pass
function check()
  local liar = setmetatable({}, {
    __len = function() return 1 << 60 end, __index = function() return 1 end,
    __pairs = function() return function() return "k", "v" end end,
  })
  if json.encode(liar) ~= "{}" then deny(json.encode(liar)) end
end
