-- expect: fault more instructions
function check()
  pcall(function() while true do end end)
  return ask("may it?")
end
