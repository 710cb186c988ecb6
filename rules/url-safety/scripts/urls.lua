-- Every URL in the arguments, at any depth and under any name, must be one that every parser reads the same way, of an
-- allowed scheme, to an allowed public host.
--
-- A string counts as a URL where it has a scheme with "//" after it, where it begins with "//" or a backslash in its
-- place, or where its argument's name says so.
--
-- params.schemes: the schemes allowed
-- params.hosts: exact names or "*.example.com"; absent: every public host
-- params.names: endings of argument names whose values are URLs whatever they look like

local function named_as_url(name, params)
  if type(name) ~= "string" then
    return false
  end
  for _, ending in ipairs(params.names) do
    if name == ending or name:sub(-#ending - 1) == "_" .. ending then
      return true
    end
  end
  return false
end

local function looks_like_url(text)
  return text:find("^%s*%a[%w+.-]*:[/\\][/\\]") ~= nil or text:find("^%s*[/\\][/\\]") ~= nil
end

local function examine(where, name, value, params)
  if type(value) == "table" then
    for key, inner in pairs(value) do
      local named = type(key) == "number" and name or key
      examine(where .. (type(key) == "number" and "[" .. key - 1 .. "]" or "." .. key), named, inner, params)
    end
  elseif type(value) == "string" and value ~= "" then
    if looks_like_url(value) or named_as_url(name, params) then
      local ok, why = url.allowed(value, { schemes = params.schemes, hosts = params.hosts })
      if not ok then
        deny(where .. ": " .. why)
      end
    end
  end
end

function check(call, params)
  for name, value in pairs(call.args) do
    examine("args." .. name, name, value, params)
  end
end
