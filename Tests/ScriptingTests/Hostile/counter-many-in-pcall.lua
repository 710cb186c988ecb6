-- expect: refuse 64 at most 64 counts
function check()
  local taken, last = 0, nil
  for _ = 1, 200 do
    local ok, said = pcall(counter.reserve, "c", 1, { max = 1000000, window = 60 })
    if ok then taken = taken + 1 else last = said end
  end
  return false, taken .. " " .. last:match("at most 64 counts")
end
