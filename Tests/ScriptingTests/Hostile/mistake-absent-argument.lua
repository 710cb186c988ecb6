-- expect: fault attempt to index a nil value (field 'options')
function check(call) return call.args.options.size < 10 end
