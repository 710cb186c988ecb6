-- expect: fault more memory
function check()
  return re.replace("x", ("x"):rep(100000), ("y"):rep(100000)) ~= nil
end
