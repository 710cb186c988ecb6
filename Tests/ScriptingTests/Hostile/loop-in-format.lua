-- expect: fault more instructions
function check()
  return ("%s"):format(setmetatable({}, { __tostring = function() while true do end end }))
end
