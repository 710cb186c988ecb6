-- expect: fault a reason is a string
function check()
  return false, setmetatable({}, { __tostring = function() return "refused" end, __name = "string" })
end
