-- expect: fault took more
function check()
  local shared = {}
  for _ = 1, 60 do
    shared = { shared, shared }
  end
  return replace({ bomb = shared })
end
