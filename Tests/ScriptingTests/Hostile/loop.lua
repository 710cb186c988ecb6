-- expect: fault more instructions
function check() while true do end end
