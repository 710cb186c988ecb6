-- expect: fault more instructions
function check()
  ::again::
  goto again
end
