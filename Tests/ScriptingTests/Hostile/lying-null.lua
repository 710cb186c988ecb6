-- expect: fault check returned a table
function check()
  local function yes() return true end
  return setmetatable({}, { __eq = yes, __len = yes, __tostring = function() return "true" end, __name = "boolean" })
end
