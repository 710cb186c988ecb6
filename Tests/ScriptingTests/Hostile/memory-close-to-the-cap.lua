-- expect: fault more
function check()
  local kept = {}
  pcall(function()
    for i = 1, 60000 do kept[i] = { i } end
  end)
  while true do local t = { {}, {}, {} } end
end
