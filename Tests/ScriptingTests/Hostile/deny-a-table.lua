-- expect: fault a reason is a string
function check() deny({ 'reason' }) end
