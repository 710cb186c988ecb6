-- expect: fault more instructions
function check()
  local text = ("a"):rep(1000000)
  while true do text:find(("a"):rep(1000) .. "b", 1, true) end
end
