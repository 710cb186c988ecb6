-- expect: fault took more
function check()
  local name = ("x"):rep(1024)
  local names = {}
  for index = 1, 64 do
    counter.reserve(name, 1, { max = 64, window = index })
  end
  while true do
    names[#names + 1] = ("x"):rep(1 << 20)
  end
end
