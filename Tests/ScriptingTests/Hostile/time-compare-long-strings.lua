-- expect: fault more time
function check()
  local a, b = ("x"):rep(1200000) .. "a", ("x"):rep(1200000) .. "b"
  while a ~= b do end
end
