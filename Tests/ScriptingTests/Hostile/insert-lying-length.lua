-- expect: fault more instructions
function check()
  table.insert(setmetatable({}, { __len = function() return 1 << 60 end }), 1, "x")
end
