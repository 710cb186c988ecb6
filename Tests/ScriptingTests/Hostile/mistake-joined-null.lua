-- expect: fault attempt to concatenate a nil value
function check(call) return false, "not " .. call.args.name end
