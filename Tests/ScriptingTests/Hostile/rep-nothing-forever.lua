-- expect: pass
function check() return (("")):rep(1 << 62) == "" end
