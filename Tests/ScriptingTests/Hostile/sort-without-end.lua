-- expect: fault more instructions
function check()
  local endless = { __newindex = function() end }
  function endless.__len() return 2^30 // 1 end
  function endless.__index() return 1 end
  table.sort(setmetatable({}, endless))
end
