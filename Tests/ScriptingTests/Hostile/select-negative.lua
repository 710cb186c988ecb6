-- expect: pass
function check()
  if pcall(select, -5, 1) then deny("select") end
  if select("#", table.unpack({}, 1, 200)) ~= 200 then deny("unpack") end
end
