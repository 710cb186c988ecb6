-- expect: pass
function check()
  local t = {}
  for i = 1, 200 do t[i] = i * 7919 % 200 end
  table.sort(t, function() return true end)
  table.sort(t, function() return false end)
end
