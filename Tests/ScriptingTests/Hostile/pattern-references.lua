-- expect: fault more instructions
function check() return ("ab"):rep(5000):find("(.-)(.-)(.-)%1%2%3$") end
