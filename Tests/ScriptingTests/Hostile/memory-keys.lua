-- expect: fault more
function check()
  local all, text = {}, ("k"):rep(500)
  for i = 1, 1 << 40 do all[text .. i] = true end
end
