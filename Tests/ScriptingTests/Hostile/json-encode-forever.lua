-- expect: fault more
function check()
  local t = {}
  for i = 1, 1000 do t[i] = ("x"):rep(1000) end
  while true do json.encode(t) end
end
