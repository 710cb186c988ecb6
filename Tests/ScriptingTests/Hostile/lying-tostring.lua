-- expect: fault the error is a table
function check()
  error(setmetatable({}, { __tostring = function() while true do end end, __name = "string" }))
end
