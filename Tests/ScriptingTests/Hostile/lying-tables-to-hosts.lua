-- expect: refuse nothing asked
function check()
  local asked = "nothing asked"
  local function lie() asked = "asked" return "10.0.0.1" end
  local liar = setmetatable({}, {
    __index = lie, __len = lie, __tostring = lie, __concat = lie, __eq = lie, __lt = lie, __le = lie, __call = lie,
    __pairs = lie, __name = "string", __metatable = "string",
  })
  for _, module in ipairs({ url, net, re, text, hash, path, counter }) do
    for _, each in pairs(module) do
      pcall(each, liar)
      pcall(each, "x", liar)
      pcall(each, "x", "y", liar)
      pcall(each, "/x", 1, liar)
    end
  end
  if pcall(url.allowed, "https://a.example/", { hosts = { liar } }) then asked = "allowed" end
  return false, asked
end
