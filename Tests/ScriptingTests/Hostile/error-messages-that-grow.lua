-- expect: fault more
function check()
  local message = "x"
  while true do
    local _, why = pcall(error, message .. message, 2)
    message = why
  end
end
