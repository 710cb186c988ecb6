-- expect: fault more time
function check()
  local first = {}
  local last = first
  local tables = {}
  for i = 1, 8000 do
    local key = {}
    tables[i] = setmetatable({ [last] = key }, { __mode = "k" })
    last = key
  end
  while true do local t = { {}, {} } end
end
