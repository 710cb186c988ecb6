-- expect: fault check returned a function
function check() return function() return true end end
