-- expect: fault more instructions
function check() for i = 1, math.huge do local x = i end end
