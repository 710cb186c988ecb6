-- expect: fault more instructions
function check()
  local text = ("a"):rep(1000)
  while true do for _ in text:gmatch("a") do end end
end
