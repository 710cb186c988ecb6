-- expect: fault check returned a table
function check() return { true } end
