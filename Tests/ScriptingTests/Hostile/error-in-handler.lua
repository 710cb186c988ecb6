-- expect: pass
function check()
  local ok = xpcall(error, function() error("again") end)
  if ok then deny("the handler's error was lost") end
end
