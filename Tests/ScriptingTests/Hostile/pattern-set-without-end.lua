-- expect: fault more instructions
function check() return ("x"):rep(100000):find("[" .. ("a"):rep(100000) .. "]") end
