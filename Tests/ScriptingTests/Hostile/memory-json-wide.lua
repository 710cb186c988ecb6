-- expect: fault more
function check()
  local deep = json.decode("[" .. ("[[[[[[[[]]]]]]]],"):rep(30000) .. "1]")
  return deep ~= nil
end
