-- expect: fault more instructions
function check()
  local guard = setmetatable({}, { __close = function() while true do end end })
  for _ in next, {}, nil, guard do end
  return true
end
