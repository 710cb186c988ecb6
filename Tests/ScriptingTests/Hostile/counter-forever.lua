-- expect: fault took more instructions
function check()
  while true do
    pcall(counter.get, "c", { window = 60 })
  end
end
