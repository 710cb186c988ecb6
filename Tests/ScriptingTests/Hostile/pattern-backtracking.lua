-- expect: fault more instructions
function check() return (("a"):rep(3000)):find(".*.*.*b") end
