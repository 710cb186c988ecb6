-- expect: fault more
function check()
  local text = ("\0"):rep(500000)
  while true do text = ("%q"):format(text) end
end
