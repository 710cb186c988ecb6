-- expect: fault more instructions
function check()
  for i = 1, math.huge do
    local hosts = {}
    for n = 1, 200 do hosts[n] = "h" .. i .. "x" .. n .. ".example.com" end
    url.allowed("https://example.com/", { hosts = hosts })
  end
end
