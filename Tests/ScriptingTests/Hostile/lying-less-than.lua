-- expect: fault attempt to compare
function check()
  table.sort({ {}, setmetatable({}, { __lt = function() return true end, __name = "number" }), 1, "x" })
end
