-- expect: fault more
function check()
  local s = ("x"):rep(100000)
  return s:gsub("x", ("y"):rep(100000))
end
