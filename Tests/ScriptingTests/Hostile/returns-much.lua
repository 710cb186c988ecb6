-- expect: pass
function check() return true, 'no', {}, null, check, 1, 2, 3 end
