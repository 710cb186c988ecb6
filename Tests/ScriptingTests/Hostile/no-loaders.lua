-- expect: pass
function check()
  for _, name in ipairs({ "io", "os", "debug", "package", "load", "loadstring", "loadfile", "dofile",
    "collectgarbage", "coroutine", "warn", "print", "_G", "_VERSION" }) do
    if _ENV[name] ~= nil then deny(name .. " is there") end
  end
  for _, name in ipairs({ "dump" }) do if string[name] then deny(name .. " is there") end end
  for _, name in ipairs({ "random", "randomseed" }) do if math[name] then deny(name .. " is there") end end
end
