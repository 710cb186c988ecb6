-- expect: fault more
function check()
  local s = "xxxxxxxxxxxxxxxx"
  while true do s = s .. s end
end
