-- expect: fault
function check()
  local function handler(...) return xpcall(handler, handler, ...) end
  while true do handler() end
end
