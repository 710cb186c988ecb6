-- expect: refuse
function check() return false, null end
