-- expect: refuse 2 too large, 16 groups
function check()
  local refused = 0
  for _, pattern in ipairs({ ("a{1000}"):rep(1000), "(((a{100}){100}){100})" }) do
    if not pcall(re.match, pattern, "a") then refused = refused + 1 end
  end
  local groups = select("#", re.match(("("):rep(2000) .. (")"):rep(2000), "a"))
  return false, refused .. " too large, " .. groups .. " groups"
end
