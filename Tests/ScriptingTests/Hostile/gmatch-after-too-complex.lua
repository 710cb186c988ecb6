-- expect: pass
function check()
  local iterate = ("x"):rep(300):gmatch(("x?"):rep(300))
  for _ = 1, 20 do pcall(iterate) end
end
