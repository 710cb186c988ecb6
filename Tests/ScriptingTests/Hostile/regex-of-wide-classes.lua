-- expect: fault
function check()
  return re.match(("\\pL"):rep(20000), "a") == nil
end
