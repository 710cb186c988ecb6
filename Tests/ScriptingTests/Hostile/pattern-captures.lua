-- expect: fault too many captures
function check() return ("a"):rep(40):match(("(a)"):rep(33)) end
