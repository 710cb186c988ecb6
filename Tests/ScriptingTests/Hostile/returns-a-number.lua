-- expect: fault check returned a number
function check() return 0 end
