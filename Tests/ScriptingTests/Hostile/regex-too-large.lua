-- expect: refuse 2 too large, 16 groups
function check()
  local refused = 0
  for _, pattern in ipairs({ "a{1001}", "(a{1000}){2}" }) do
    if not pcall(re.match, pattern, "a") then refused = refused + 1 end
  end
  local groups = select("#", re.match(("("):rep(50) .. (")"):rep(50), "a"))
  return false, refused .. " too large, " .. groups .. " groups"
end
