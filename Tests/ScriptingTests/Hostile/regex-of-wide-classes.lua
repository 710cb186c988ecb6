-- expect: fault pattern has 60000 bytes
function check()
  return re.match(("\\pL"):rep(20000), "a") == nil
end
