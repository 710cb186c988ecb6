-- expect: refuse false false false
function check(call)
  local one, two, three = pcall(replace, call), pcall(replace, null), pcall(replace, "{}")
  return false, tostring(one) .. " " .. tostring(two) .. " " .. tostring(three)
end
