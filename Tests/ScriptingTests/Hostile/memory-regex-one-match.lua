-- expect: fault more memory
function check()
  return re.replace("(?s).+", ("x"):rep(100000), ("%0"):rep(100000)) ~= nil
end
