-- expect: refuse caught by nobody
function check()
  while not pcall(deny, "caught by nobody") do end
  return true
end
