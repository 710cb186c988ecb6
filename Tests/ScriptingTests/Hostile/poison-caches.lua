-- expect: pass
function check()
  if re.match("a(b)?", "ab") ~= "b" then deny("another call's pattern") end
  if url.allowed("https://a.example/", { hosts = { "b.example" } }) then deny("another call's hosts") end
  for i = 1, 20 do re.match("a(c)?" .. i, "ac") end
end
