-- expect: fault more time
function check()
  local text = (" "):rep(2000000) .. "1"
  while true do local n = text + 1 end
end
