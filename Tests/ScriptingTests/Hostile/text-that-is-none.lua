-- expect: pass
function check()
  local rubbish = { "\0", "a\0b", "\xFF", "\xC3", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xC0\x80", ("\x80"):rep(99), "" }
  local functions = {
    url.parse, url.allowed, json.decode, json.encode, net.ip, net.is_private, text.lower, text.upper, text.length,
    text.skeleton, text.is_plain, hash.sha256, path.clean, log, ask, re.match,
  }
  for _, bytes in ipairs(rubbish) do
    for _, each in ipairs(functions) do pcall(each, bytes) end
    for _, form in ipairs({ "NFC", "NFKD", bytes }) do pcall(text.normalize, bytes, form) end
    for _, other in ipairs(rubbish) do
      pcall(re.match, bytes, other)
      pcall(re.find_all, bytes, other)
      pcall(re.replace, bytes, other, bytes)
      pcall(net.in_cidr, bytes, other)
      pcall(path.within, bytes, other)
      pcall(url.allowed, other, { hosts = { bytes } })
    end
    if text.is_plain(bytes) and bytes ~= "" then deny("plain") end
    if path.within("/srv", bytes) then deny("within") end
    if url.allowed(bytes) or net.ip(bytes) then deny("allowed") end
  end
end
