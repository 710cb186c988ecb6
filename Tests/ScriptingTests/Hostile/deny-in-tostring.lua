-- expect: refuse from tostring
function check()
  pcall(log, setmetatable({}, { __tostring = function() deny("from tostring") end }))
  return true
end
