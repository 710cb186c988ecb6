-- expect: fault more time
function check()
  for i = 1, math.huge do pcall(re.match, "(a{1,50}){1,8}" .. i .. ("x"):rep(1000), ("a"):rep(1000)) end
end
