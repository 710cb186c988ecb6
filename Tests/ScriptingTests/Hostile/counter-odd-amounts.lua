-- expect: refuse none taken
function check()
  local how = { max = 9, window = 60 }
  for _, amount in ipairs({
    0, -1, 1.5, 1 / 0, -1 / 0, 0 / 0, math.mininteger, 2 ^ 63, 1e300, "1", true, {}, null, json.decode(("9"):rep(30)),
  }) do
    if pcall(counter.reserve, "c", amount, how) then return false, "reserved " .. tostring(amount) end
  end
  for _, most in ipairs({ 0, -1, 1.5, math.mininteger, "9", null, json.decode(("9"):rep(30)) }) do
    if pcall(counter.reserve, "c", 1, { max = most, window = 60 }) then return false, "of " .. tostring(most) end
  end
  for _, window in ipairs({ 0, -1, 0.5, math.maxinteger, math.mininteger, "", "1", "9999999999999999999d", null }) do
    if pcall(counter.reserve, "c", 1, { max = 9, window = window }) then return false, "in " .. tostring(window) end
  end
  for _, name in ipairs({ "", "\xFF", ("x"):rep(1025), 1, null, {} }) do
    if pcall(counter.get, name, { window = 60 }) then return false, "as " .. tostring(name) end
  end
  if pcall(counter.reserve, "c", math.maxinteger, { max = 9, window = 60 }) then return false, "too many" end
  if counter.reserve("c", 10, how) then return false, "more than all" end
  return false, counter.get("c", { window = 60 }) == 0 and "none taken" or "some taken"
end
