-- expect: fault deeper than its limit
function check()
  local function again(text) return (text:gsub(".", again)) end
  again("abc")
end
