-- expect: fault loop
function check()
  local t = {}
  setmetatable(t, { __index = t })
  return t.x
end
