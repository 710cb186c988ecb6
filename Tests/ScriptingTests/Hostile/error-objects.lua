-- expect: refuse nil null function table call number number 1000000
function check(call)
  local kinds = {}
  for _, object in ipairs({ null, print or function() end, {}, call, 1.5, json.decode(("9"):rep(30)) }) do
    local ok, caught = pcall(error, object)
    if ok or caught ~= object then return false, "another object" end
    kinds[#kinds + 1] = caught == call and "call" or type(caught)
  end
  local ok, nothing = pcall(error, nil)
  local _, long = pcall(error, ("x"):rep(1000000), 0)
  return false, type(nothing) .. " " .. table.concat(kinds, " ") .. " " .. #long
end
