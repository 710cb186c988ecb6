-- expect: fault more time
function check()
  local function pass(...) return select("#", ...) end
  local function again(...) while true do pass(...) end end
  again(table.unpack({}, 1, 40000))
end
