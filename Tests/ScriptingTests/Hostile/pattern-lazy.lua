-- expect: fault more instructions
function check() return (("a"):rep(200000)):find(".-b") end
