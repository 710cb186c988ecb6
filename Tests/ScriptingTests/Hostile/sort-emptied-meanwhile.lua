-- expect: fault attempt to compare
function check()
  local list = {}
  for i = 1, 100 do list[i] = i end
  table.sort(list, function(a, b)
    for i = #list, 1, -1 do list[i] = nil end
    return a < b
  end)
end
