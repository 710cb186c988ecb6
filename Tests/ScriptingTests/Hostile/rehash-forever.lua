-- expect: fault more
function check()
  local t = {}
  for i = 1, 50000 do t["k" .. i] = i end
  for i = 1, math.huge do
    t["k" .. i] = nil
    t["l" .. i] = i
  end
end
