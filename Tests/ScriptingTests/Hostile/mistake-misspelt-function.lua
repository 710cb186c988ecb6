-- expect: fault attempt to call a nil value (field 'mach')
function check(call) return string.mach(tostring(call.args.x), "a") == nil end
