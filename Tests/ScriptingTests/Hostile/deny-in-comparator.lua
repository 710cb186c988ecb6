-- expect: refuse from the comparator
function check()
  pcall(table.sort, { 2, 1 }, function() deny("from the comparator") end)
  return true
end
