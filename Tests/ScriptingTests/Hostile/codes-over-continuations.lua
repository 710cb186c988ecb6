-- expect: fault more instructions
function check()
  local iterate, text = utf8.codes("a" .. ("\x80"):rep(1000000))
  while true do pcall(iterate, text, 1) end
end
