-- expect: fault more
function check()
  local first, tables, count = {}, {}, 9000
  -- The collector looks at them in one order, and learns of one more in each round.
  for _, order in ipairs({ 1, -1 }) do
    local last = first
    for i = 1, count do
      local key = {}
      tables[#tables + 1] = 0
      tables[(order == 1 and i or 2 * count + 1 - i)] = setmetatable({ [last] = key }, { __mode = "k" })
      last = key
    end
  end
  while true do local t = { {}, {} } end
end
