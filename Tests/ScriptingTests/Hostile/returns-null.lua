-- expect: fault check returned a null
function check() return null end
