-- expect: pass
function check()
  log("\0\xFF\n") log("%s", ("\xF0"):rep(5000)) log(nil) log({}) log(function() end) log(0 / 0)
  for _, form in ipairs({ "%", "%y", "%99999d", "%s", "%c%s" }) do pcall(log, form, 0) end
end
