-- expect: fault more
function check()
  local s = "x"
  for _ = 1, 64 do s = s:rep(64) end
end
