-- expect: fault nested too deep
function check()
  local t = {}
  t.t = t
  return json.encode(t)
end
