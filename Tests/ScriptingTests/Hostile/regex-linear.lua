-- expect: pass
function check()
  if re.match("(a*)*b", ("a"):rep(20000)) then deny("matched") end
end
