-- expect: fault more instructions
function check() return (("("):rep(200000)):find("%b()") end
