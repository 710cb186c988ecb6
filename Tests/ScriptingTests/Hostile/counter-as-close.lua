-- expect: refuse first
function check()
  getmetatable("").__close = counter.reserve
  local late <close> = "c"
  deny("first")
end
