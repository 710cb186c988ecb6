-- expect: pass
function check()
  local function bad(text) if json.decode(text) ~= nil then deny(text) end end
  bad(("["):rep(100000)) bad(("[" ):rep(600) .. ("]"):rep(600)) bad("\xEF\xBB\xBF1") bad('"\\ud800"') bad("01")
  bad("1e")
  bad('{"a":1,"\\u0061":2}') bad("") bad("\0") bad("[1]\0") bad('"\0"')
  for _, digits in ipairs({ "0.00e-99999999999999999999", ("9"):rep(1000), "-0.0", "0e999" }) do
    local number = json.decode(digits)
    if number == nil then goto next end
    for _, other in ipairs({ number, 0, 1 / 0, -1 / 0, 0 / 0, math.mininteger, 1.5 }) do
      pcall(function() return number < other, number <= other, number == other, other < number end)
    end
    pcall(function() return number + 1 end)
    pcall(string.rep, "x", number) pcall(string.format, "%d%q%s%a", number, number, number, number)
    pcall(function() for _ = number, 1 do break end end)
    pcall(string.sub, "x", number, number) pcall(table.concat, {}, "", number, number) pcall(math.floor, number)
    json.encode({ number })
    ::next::
  end
end
