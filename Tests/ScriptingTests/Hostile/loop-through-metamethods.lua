-- expect: fault more instructions
function check()
  local t = setmetatable({}, {})
  getmetatable(t).__index = function(_, key) return key < 1 << 60 and rawlen(t) == 0 and key + 1 end
  local key = 1
  while key do key = t[key] end
end
