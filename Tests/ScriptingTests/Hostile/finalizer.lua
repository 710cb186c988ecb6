-- expect: fault '__gc' is not available
function check()
  setmetatable({}, { __gc = function() while true do end end })
end
