-- expect: pass
function check()
  if UNKNOWN ~= nil then deny("the environment of an earlier call") end
  setmetatable(_ENV, { __index = function() return "poisoned" end, __newindex = function() end })
  getmetatable("").__concat = function() return "poisoned" end
end
