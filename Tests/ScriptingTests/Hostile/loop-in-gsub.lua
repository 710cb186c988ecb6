-- expect: fault more instructions
function check()
  return (("x"):gsub("x", function() while true do end end))
end
