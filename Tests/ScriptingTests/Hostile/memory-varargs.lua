-- expect: fault more
function check()
  local function grow(...) return grow(1, 2, 3, 4, 5, 6, 7, 8, ...) end
  return grow()
end
