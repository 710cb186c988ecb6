-- expect: fault more instructions
function check() table.move({}, 1, 1 << 50, 2) end
