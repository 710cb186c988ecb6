-- expect: fault more
function check(call)
  local answer = replace(call.args)
  local late <close> = setmetatable({}, {
    __close = function()
      local all = {}
      while true do all[#all + 1] = ("x"):rep(100000) end
    end,
  })
  return answer
end
