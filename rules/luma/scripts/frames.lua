-- A video made from images needs at least one of the two: the first frame or the last.
-- The server finds that out only after the call has been accepted, so it is caught here.
--
-- params.arguments: the names of the arguments of which one must be there

local function given(value)
  return type(value) == "string" and value:find("%S") ~= nil
end

function check(call, params)
  for _, name in ipairs(params.arguments) do
    if given(call.args[name]) then
      return
    end
  end
  deny("give at least one of " .. table.concat(params.arguments, " and "))
end
