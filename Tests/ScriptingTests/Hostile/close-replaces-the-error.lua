-- expect: pass
function check()
  local ok, why = pcall(function()
    local a <close> = setmetatable({}, { __close = function() error("second", 0) end })
    error("first", 0)
  end)
  if ok or why ~= "second" then deny("the error was " .. tostring(why)) end
end
