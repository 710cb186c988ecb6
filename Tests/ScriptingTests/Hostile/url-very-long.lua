-- expect: pass
function check()
  local parts, why = url.parse("https://example.com/" .. ("a"):rep(1000000))
  if parts == nil and why == nil then deny("neither parts nor a reason") end
end
