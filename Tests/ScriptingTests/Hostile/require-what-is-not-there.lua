-- expect: refuse 3 false
local names = { "li" .. "mits", "..", "" }
function check()
  local failed = 0
  for _, name in ipairs(names) do
    if not pcall(require, name) then failed = failed + 1 end
  end
  package = { path = "/tmp/?.lua", loaded = { limits = {} } }
  return false, failed .. " " .. tostring(pcall(require, names[1]))
end
