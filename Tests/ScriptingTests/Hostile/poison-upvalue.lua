-- expect: pass
local calls, seen = 0, {}
function check(call)
  calls = calls + 1
  seen[#seen + 1] = call
  if calls > 1 or #seen > 1 then deny("this is call " .. calls) end
end
