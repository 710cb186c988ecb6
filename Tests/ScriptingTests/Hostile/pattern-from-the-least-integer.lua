-- expect: refuse 2 2 1 a abc
function check()
  local text, least, letters = "abc", math.mininteger, ""
  for letter in text:gmatch("%w", least) do letters = letters .. letter end
  local seen = { (text:find("b", least)), (text:find("b", least, true)), (text:find("", least)) }
  return false, table.concat(seen, " ") .. " " .. text:match("^%f[%w]%w", least) .. " " .. letters
end
