-- expect: fault more
function check() return json.encode(("\1"):rep(2000000)) end
