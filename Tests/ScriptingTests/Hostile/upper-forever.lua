-- expect: fault more instructions
function check()
  local text = ("x"):rep(1000000)
  while true do text = text:upper() end
end
