-- expect: fault deeper
function check()
  local function down(n) return 1 + down(n + 1) end
  pcall(down, 0)
  return true
end
