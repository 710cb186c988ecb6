-- expect: refuse from the callback
function check()
  pcall(string.gsub, "abc", "%w", function() deny("from the callback") end)
  return true
end
