-- expect: fault more instructions
function check()
  local function forever() while true do end end
  do local a <close> = setmetatable({}, { __close = forever }) end
  return true
end
