-- expect: fault more time
function check()
  local t = {}
  for i = 1, 100000 do t["k" .. i] = true end
  for key in pairs(t) do t[key] = nil end
  while true do next(t) end
end
