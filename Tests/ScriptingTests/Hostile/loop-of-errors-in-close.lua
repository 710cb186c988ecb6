-- expect: fault more instructions
function check()
  local meta = { __close = function() error("again") end }
  while true do
    pcall(function() local a <close>, b = setmetatable({}, meta), nil end)
  end
end
