-- expect: fault check returned a string
function check() return 'true' end
