-- expect: refuse first
function check()
  local late <close> = setmetatable({}, { __close = function() deny("second") end })
  pcall(pcall, pcall, deny, "first")
  return true
end
