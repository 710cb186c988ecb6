-- expect: fault more
function check()
  local t = setmetatable({}, { __len = function() return 1 << 40 end, __index = type })
  return table.concat(t)
end
