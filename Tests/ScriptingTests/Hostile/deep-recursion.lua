-- expect: fault deeper
function check()
  local function down(n) return 1 + down(n + 1) end
  down(0)
end
