-- expect: fault more
function check() return ("c2000000000"):pack("x") end
