-- expect: fault more
function check()
  local all = re.find_all("", ("x"):rep(4000000))
  return #all > 0
end
