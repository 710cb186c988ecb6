-- expect: fault missing ]
function check(call) return re.match("[a", "a") == nil end
