-- expect: pass
function check()
  local closed = 0
  for _ = 1, 100 do
    do
      local a <close> = setmetatable({}, { __close = function() closed = closed + 1 end })
      if closed >= 0 then goto out end
    end
    ::out::
  end
  if closed ~= 100 then deny("closed " .. closed .. " times") end
end
