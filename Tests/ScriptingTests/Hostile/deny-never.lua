-- expect: fault retry_after
function check() deny('later', { retry_after = 0 / 0 }) end
