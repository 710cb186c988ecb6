-- expect: refuse from the handler
function check()
  xpcall(error, function() deny("from the handler") end)
  return true
end
