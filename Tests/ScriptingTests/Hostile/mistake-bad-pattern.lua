-- expect: fault malformed pattern
function check(call) return (("[a"):find("[a")) == nil end
