-- expect: fault nested too deep, or within itself
function check(call)
  call.args.self = call.args
  return replace(call.args)
end
