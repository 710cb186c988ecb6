-- expect: pass
function check()
  local meta = {}
  setmetatable({}, meta)
  meta.__gc = function() while true do end end
  for _ = 1, 20000 do local t = {} end
end
