-- expect: fault more instructions
function check()
  for _ in function() return 1 end do end
end
