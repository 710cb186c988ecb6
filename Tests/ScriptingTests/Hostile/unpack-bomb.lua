-- expect: fault too many results to unpack
function check() return select("#", table.unpack({}, 1, 1 << 30)) end
