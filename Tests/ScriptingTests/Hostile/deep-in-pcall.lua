-- expect: fault deeper
function check()
  local function down(n) pcall(down, n + 1) end
  down(0)
  return true
end
