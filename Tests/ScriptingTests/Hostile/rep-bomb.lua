-- expect: fault more memory
function check() return ("x"):rep(1 << 40) end
