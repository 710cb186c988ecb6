-- expect: fault pattern too complex
function check() return (("x"):rep(300)):match(("x?"):rep(300)) end
