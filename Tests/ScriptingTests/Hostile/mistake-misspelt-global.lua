-- expect: fault attempt to index a nil value (global 'strng')
function check(call) return strng.find(call.args.x, "a") == nil end
