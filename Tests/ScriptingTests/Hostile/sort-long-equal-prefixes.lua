-- expect: fault more instructions
function check()
  local t, long = {}, ("x"):rep(100000)
  for i = 1, 50 do t[i] = long .. i end
  for _ = 1, 100 do table.sort(t) end
end
