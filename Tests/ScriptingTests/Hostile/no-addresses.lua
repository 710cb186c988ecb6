-- expect: fault invalid conversion
function check()
  for _, value in ipairs({ {}, print or check, null, ask("x") }) do
    if tostring(value):find("0x") then deny("an address: " .. tostring(value)) end
  end
  return ("%p"):format({})
end
