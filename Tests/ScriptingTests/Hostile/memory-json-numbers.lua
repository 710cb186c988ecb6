-- expect: fault more
function check()
  local digits = ("9"):rep(1000)
  local all = {}
  while true do all[#all + 1] = json.decode(digits) end
end
