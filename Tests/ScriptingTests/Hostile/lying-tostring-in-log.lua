-- expect: fault more instructions
function check()
  log(setmetatable({}, { __tostring = function() while true do end end }))
  return true
end
