-- expect: fault more memory
function check()
  local all = {}
  while true do all[#all + 1] = function() return all end end
end
