-- expect: fault attempt to compare
function check(call) return call.args.amount < 10 end
