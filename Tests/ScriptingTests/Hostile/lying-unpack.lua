-- expect: fault too many results
function check()
  return table.unpack(setmetatable({}, { __len = function() return 1 << 40 end }))
end
