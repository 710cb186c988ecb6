-- expect: pass
function check(call)
  local seen = {}
  local function look(value)
    if type(value) ~= "table" or seen[value] then return end
    seen[value] = true
    for key, inner in next, value do look(key) look(inner) end
    look(getmetatable(value))
  end
  look(_ENV)
  look(call)
  look(getmetatable(""))
  for value in next, seen do
    for _, name in ipairs({ "_LOADED", "_PRELOAD", "FILE*", "loadlib", "searchers" }) do
      if rawget(value, name) ~= nil then deny("found " .. name) end
    end
  end
end
