-- expect: fault check returned a function
function check() return check end
