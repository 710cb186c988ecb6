-- expect: fault
function check() return select("#", ("x"):rep(1000000):byte(1, -1)) end
