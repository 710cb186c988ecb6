---@meta

-- What a validator has beside Lua's own libraries, for the Lua language server. Made from the table of functions by
-- `MOONGATE_RECORD=1 swift test --filter LuaReferenceTests`.

--- A call to judge. It is the script's own copy: what is written into it changes nothing.
---@class moongate.call
---@field tool string the tool's name
---@field args table<string, any> its arguments, an empty object where the call has none
---@field annotations table<string, any> what the server says of the tool; empty where that is not known
---@field schema? table<string, any> the tool's input schema, where the server says it
---@field session moongate.session the session that the call belongs to
---@field client table<string, any> what the client said of itself: `name`, `version`
---@field principal table<string, any> who calls, where that is known
---@field server table<string, any> what the server said of itself: `name`, `version`
---@field meta table<string, any> the call's `_meta`
---@field time number seconds since 1970: the one clock that a script sees

--- A session, as far as it has come.
---@class moongate.session
---@field id string a name that no other session has
---@field started number seconds since 1970
---@field calls table<string, integer> how many calls of each tool have been forwarded

--- The parts of a URL.
---@class moongate.url
---@field scheme string in lower case
---@field userinfo? string what stands before `@`
---@field host string in lower case; an IPv6 address in its brackets
---@field port? integer where the URL states one
---@field path string as written
---@field query? string what follows `?`
---@field fragment? string what follows `#`

--- Where a URL may lead: the operand of the `url` operator.
---@class moongate.allowlist
---@field hosts? string[] names, `*.example.com` for those under it, or addresses; any if left out
---@field schemes? string[] https and http if left out
---@field ports? integer[] the scheme's own if left out
---@field allow_private? boolean whether it may lead to this machine or a private network
---@field allow_userinfo? boolean whether a name or password may stand before the host

--- An IP address.
---@class moongate.address
---@field version 4|6 of IP
---@field text string the canonical spelling
---@field bytes integer[] four or sixteen numbers
---@field special? string what sets it apart, as in `a private address`; nil on the Internet at large

--- What the rule gives the script: its `with`, an empty object where it has none.
---@class moongate.params
---@field [string] any as the policy writes it

--- Which counter: one for each name, window and choice of whom it is kept for.
---@class moongate.count
---@field window integer|string how long it counts: seconds, or as in a policy: `minute`, `15m`
---@field per? string|string[] `all` (also if left out), or of `session`, `client`, `principal`, `tool`, `server`

--- Which counter, and how much of it there is.
---@class moongate.limit
---@field max integer the most that is reserved in any window
---@field window integer|string as in `moongate.count`
---@field per? string|string[] as in `moongate.count`

--- What `ask` makes, to be returned.
---@class moongate.ask

--- What `replace` makes, to be returned.
---@class moongate.replace

--- What `redact` makes, to be returned from `check_result`.
---@class moongate.redact

--- JSON's null.
---@class moongate.null

--- What `check` returns first.
---@alias moongate.answer boolean|moongate.ask|moongate.replace

--- What a script defines under the name `check`. Above it, `---@type moongate.check` tells the editor so.
---@alias moongate.check fun(call: moongate.call, params: moongate.params): moongate.answer?, string?

--- Refuses the call, at once: the script ends here, and no pcall catches it.
---@param reason? string what the agent is told, cut at 1 KiB
---@param options? {retry_after: number} retry_after: seconds after which to try again
function deny(reason, options) end

--- Makes the answer that leaves the decision to a person: return ask("…").
---@param reason? string what the person is told
---@return moongate.ask answer
function ask(reason) end

--- Makes the answer that has no objection, with these arguments instead: return replace(call.args).
--- The call is judged once more as it will then be sent, by every rule. Numbers, null and the kinds of tables come
--- back as they are in call.args.
---@param args table an object: call.args, changed, or a table of your own
---@return moongate.replace answer
function replace(args) end

--- Makes the answer of check_result that passes this result on instead. From check it is a fault: a call has no
--- result yet.
---@param result table an object: the result, changed
---@return moongate.redact answer
function redact(result) end

--- JSON's null: equal only to itself, and true in a test as every value but nil and false.
---@type moongate.null
null = {}

--- Adds a line to this call's decision trace, formatted as by string.format where there is more than one argument.
---@param format any
---@param ... any
function log(format, ...) end

--- What a module returned when it was loaded with the policy: `require("lib.hosts")` is the file lib/hosts.lua in or
--- below the script's folder. The name stands in quotes, so that the file is read with the policy; no file is read
--- later.
---@param name string parts of letters, digits, _ and -, with dots between them
---@return any module
function require(name) end

json = {}

--- The value as JSON text, members in order. A table that nothing marks is an array if it has elements, else an
--- object. An error for what JSON cannot hold.
---@param value any
---@return string
function json.encode(value) end

--- The value that a JSON text holds, read as strictly as messages are; or nil and why not.
---@param text string
---@return any value
---@return string? why
function json.decode(text) end

--- Marks a table as an array, and returns it.
---@param table? table a new one if left out
---@return table
function json.array(table) end

--- Marks a table as an object, and returns it.
---@param table? table a new one if left out
---@return table
function json.object(table) end

url = {}

--- The parts of a URL that every common parser reads the same way; or nil and what is ambiguous about it.
---@param text string
---@return moongate.url? parts
---@return string? why
function url.parse(text) end

--- Whether a URL leads where it may; if not, why. What is no string never does.
---@param text any
---@param options? moongate.allowlist
---@return boolean allowed
---@return string? why
function url.allowed(text, options) end

net = {}

--- An IP address in its parts; or nil and why it is none. IPv4 has one spelling, four decimal numbers; IPv6 may
--- stand in brackets, and has no zone. `text` is the canonical spelling, `special` says what sets the address
--- apart, as in "a private address", and is nil where it leads to the Internet at large.
---@param text string
---@return moongate.address? address
---@return string? why
function net.ip(text) end

--- Whether an address lies in a range such as "10.0.0.0/8" or "2001:db8::/32". An address of one version lies in
--- no range of the other, but ::ffff:10.0.0.1 leads to 10.0.0.1 and lies where that does. An error where either is
--- none, so that no answer is a guess.
---@param ip string
---@param cidr string
---@return boolean inside
function net.in_cidr(ip, cidr) end

--- Whether an address leads anywhere but to the Internet at large: to this machine, a private network, a cloud's
--- metadata, a multicast group; the addresses that url.allowed refuses. If so, what is special about it. An error
--- where it is no address.
---@param ip string
---@return boolean private
---@return string? what
function net.is_private(ip) end

re = {}

--- The groups of the first match, or the whole match where the pattern has none; nil where nothing matches.
--- A group that took no part is nil. At most 16 groups.
---@param pattern string in RE2's syntax
---@param text string
---@return string? ...
function re.match(pattern, text) end

--- Every match in order: the whole match, or the group where the pattern has one, or a list of the groups where it
--- has more, with null for one that took no part.
---@param pattern string in RE2's syntax
---@param text string
---@param limit? integer at most so many
---@return any[]
function re.find_all(pattern, text, limit) end

--- The text with every match replaced, and how many there were. In the replacement %0 is the match, %1 to %9 its
--- groups, %% a percent sign.
---@param pattern string in RE2's syntax
---@param text string
---@param replacement string
---@param limit? integer at most so many
---@return string text
---@return integer count
function re.replace(pattern, text, replacement, limit) end

text = {}

--- The text in a normalization form of Unicode 15.0: "NFC" and "NFD" keep what it means, "NFKC" and "NFKD"
--- also fold what only looks different, such as full-width letters and ligatures. An error for a text that is not
--- UTF-8, or has over two million characters.
---@param text string
---@param form "NFC"|"NFD"|"NFKC"|"NFKD"
---@return string text
function text.normalize(text, form) end

--- Whether a reader sees all that is in the text: it has no control characters (line feeds and tabs are such), no
--- bidirectional, zero-width, tag, private-use or unassigned characters, and is UTF-8.
---@param text string
---@return boolean plain
function text.is_plain(text) end

--- What the text looks like: texts that can be taken for each other have equal skeletons (UTS #39). Only good for
--- comparing with another skeleton; upper and lower case look different. An error for a text that is not UTF-8, or
--- has over two million characters.
---@param text string
---@return string skeleton
function text.skeleton(text) end

--- The text in lower case, each character by itself and the same in every language. An error for a text that is
--- not UTF-8.
---@param text string
---@return string text
function text.lower(text) end

--- The text in upper case, each character by itself and the same in every language. An error for a text that is
--- not UTF-8.
---@param text string
---@return string text
function text.upper(text) end

--- How many code points the text has. An error for a text that is not UTF-8.
---@param text string
---@return integer count
function text.length(text) end

hash = {}

--- The SHA-256 of a string, whatever bytes it has, as 64 hexadecimal digits in lower case.
---@param bytes string
---@return string digits
function hash.sha256(bytes) end

path = {}

--- The path in its shortest spelling: without empty and `.` segments, each `..` resolved as far as it goes, no
--- slash at the end. Or nil and why programs could read it differently: it is empty, is not UTF-8, has a NUL, a
--- backslash, or an escape such as %2e or %2f in it, begins with two slashes, a tilde or a drive's letter, or climbs
--- above `/`. It is text alone: symbolic links are not known here.
---@param path string
---@return string? path
---@return string? why
function path.clean(path) end

--- Whether a path stays at or below root, from which it begins if it is not absolute; if not, why. What path.clean
--- refuses does not. An error where root is no absolute path. It is text alone: symbolic links are not known here.
---@param root string
---@param path string
---@return boolean inside
---@return string? why
function path.within(root, path) end

counter = {}

--- How much of a counter is used now: what scripts have reserved under this name in the window that ends now.
--- A counter is one for each name, window and choice of whom it is kept for: say the same as to counter.reserve.
---@param name string of 1 to 1024 bytes
---@param options moongate.count
---@return integer used
function counter.get(name, options) end

--- Reserves an amount of a counter for this call, if that makes no more than max in any window: true, and how much
--- is left; or false, and the seconds after which there is room (nil where the amount is over max). A call that is
--- refused, for whatever reason, gives back what it has reserved; so does one that the server answers with an error.
--- Two reservations in one call are both counted.
---@param name string of 1 to 1024 bytes
---@param amount integer from 1
---@param options moongate.limit
---@return boolean reserved
---@return integer? remaining or seconds
function counter.reserve(name, amount, options) end
