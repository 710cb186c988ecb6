-- expect: refuse false true
function check()
  local out = path.within("/srv", ("a/../"):rep(5000) .. "../etc")
  local inside = path.within("/srv", ("a/../"):rep(5000) .. "b")
  return false, tostring(out) .. " " .. tostring(inside)
end
