-- expect: pass
function check()
  local next, type, env = next, type, _ENV
  for name, value in next, env do
    if type(value) == "table" then
      for inner in next, value do value[inner] = nil end
    end
    env[name] = nil
  end
end
