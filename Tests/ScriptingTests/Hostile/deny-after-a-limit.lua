-- expect: fault more instructions
function check()
  local late <close> = setmetatable({}, { __close = function() deny("said too late") end })
  while true do end
end
