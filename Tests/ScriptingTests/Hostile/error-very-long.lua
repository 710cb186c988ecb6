-- expect: fault xxxx
function check() error(("x"):rep(100000) .. ("\0\xFF"):rep(10000), 0) end
