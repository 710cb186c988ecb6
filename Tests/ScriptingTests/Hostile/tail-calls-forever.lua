-- expect: fault more instructions
function check()
  local function on() return on() end
  return on()
end
