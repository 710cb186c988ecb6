-- expect: fault more instructions
function check()
  local text = (" "):rep(1000000) .. "1"
  while true do tonumber(text) end
end
