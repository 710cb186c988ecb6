-- expect: refuse 5
function check() return false, 5 end
