-- expect: fault attempt to index a number value
function check()
  local function strange()
    local _ENV <const> = 11
    X = "hi"
  end
  strange()
end
