-- expect: fault re.match
function check() return re.match("((a{100}){100}){100}", "a") end
