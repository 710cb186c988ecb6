-- expect: fault more
function check()
  pcall(string.rep, "x", 1 << 29)
  return true
end
