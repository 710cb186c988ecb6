-- expect: fault more time
function check()
  local a, b = ("x"):rep(3000000) .. "a", ("x"):rep(3000000) .. "b"
  while a ~= b do end
end
