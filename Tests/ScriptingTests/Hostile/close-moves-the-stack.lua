-- expect: pass
function check()
  local function deep(n) if n == 0 then return 0 end return 1 + deep(n - 1) end
  local function many(...)
    local a <close> = setmetatable({}, { __close = function() deep(50) end })
    return ...
  end
  if select("#", many(table.unpack({}, 1, 200))) ~= 200 then deny("values were lost") end
end
