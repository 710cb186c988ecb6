-- expect: pass
function check()
  local value, why = json.decode(("["):rep(100000))
  if value ~= nil or not why then deny("read") end
end
