-- expect: fault more instructions
function check() while true do log("%s", ("x"):rep(500)) end end
