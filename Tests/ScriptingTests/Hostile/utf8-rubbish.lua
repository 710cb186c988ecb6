-- expect: pass
function check()
  if pcall(utf8.codepoint, "\xFF\xFE", 1, -1) then deny("read") end
  pcall(function() for _ in utf8.codes(("\x80"):rep(1000)) do end end)
end
