-- expect: pass
function check()
  string.find, table.concat, pairs, deny, url.allowed, json.encode = nil, nil, nil, nil, nil, nil
  getmetatable("").__index = function() return "poisoned" end
  null = true
  check = nil
end
