import Policy
import Scripting
import Testing

@Suite("What a script has")
struct HostFunctionTests {
  let script = OneScript()

  @Test("is what the table says, and nothing else")
  func names() async throws {
    let body = """
      local names = {}
      for name, value in next, _ENV do
        if type(value) == "table" then
          for member in next, value do names[#names + 1] = name .. "." .. member end
        elseif name ~= "check" then
          names[#names + 1] = name
        end
      end
      table.sort(names)
      for _, name in ipairs(names) do log(name) end
      """
    var expected = HostFunctions.all.map(\.name)
    for library in HostFunctions.libraries {
      expected += library.members.map { library.name.isEmpty ? $0 : "\(library.name).\($0)" }
    }
    #expect(try await script.judge(body).log == expected.sorted())
  }

  @Test("each is documented in Lua's terms", arguments: HostFunctions.all.map(\.name))
  func documented(_ name: String) throws {
    let function = try #require(HostFunctions.all.first { $0.name == name })
    #expect(function.documentation.first?.hasPrefix("@") == false)
    if let signature = function.signature { #expect(signature.hasPrefix(name + "(")) }
  }

  @Test(
    "each does what it says",
    arguments: [
      ("url.parse('https://u@a.test:8443/p?q#f').host == 'a.test'", "url.parse"),
      ("url.parse('https://a.test:8443/p?q#f').port == 8443", "url.parse: port"),
      ("url.parse('https://a.test/').port == nil", "url.parse: no port"),
      ("select(2, url.parse('https://a.test\\\\@b.test/')):find('the URL', 1, true) == 1", "url.parse: ambiguous"),
      ("select(2, url.parse(5)) == 'the URL is not a string'", "url.parse: a number"),
      ("url.allowed('https://a.test/', {hosts = {'a.test'}})", "url.allowed"),
      ("url.allowed('https://a.test/')", "url.allowed: no options"),
      ("not url.allowed('https://evil.test/', {hosts = {'a.test'}})", "url.allowed: elsewhere"),
      ("not url.allowed('http://a.test/', {schemes = {'https'}})", "url.allowed: scheme"),
      ("not url.allowed('https://127.0.0.1/')", "url.allowed: private"),
      ("not url.allowed(null) and not url.allowed(nil) and not url.allowed(5)", "url.allowed: no string"),
      ("not pcall(url.allowed, 'https://a.test/', {host = {'a.test'}})", "url.allowed: a misspelt option"),
      ("not pcall(url.allowed, 'https://a.test/', 'x')", "url.allowed: options of another kind"),
      ("re.match('(\\\\w+)@(\\\\w+)', 'me@home') == 'me'", "re.match"),
      ("select(2, re.match('(\\\\w+)@(\\\\w+)', 'me@home')) == 'home'", "re.match: groups"),
      ("re.match('o+', 'foo') == 'oo' and re.match('x', 'foo') == nil", "re.match: whole"),
      ("re.match('(a)|(b)', 'b') == nil and select('#', re.match('(a)|(b)', 'b')) == 2", "re.match: absent group"),
      ("table.concat(re.find_all('\\\\d+', '1 22 333'), ',') == '1,22,333'", "re.find_all"),
      ("re.find_all('(\\\\w)=(\\\\w)', 'a=b c=d')[2][1] == 'c'", "re.find_all: groups"),
      ("re.find_all('(a)|(b)', 'ab')[1][2] == null", "re.find_all: absent group"),
      ("#re.find_all('x*', 'é') == 2", "re.find_all: empty matches"),
      ("#re.find_all('.', 'abc', 2) == 2 and #re.find_all('.', '') == 0", "re.find_all: limit"),
      ("re.find_all('.*', 'a\"\\\\b')[1] == 'a\"\\\\b'", "re.find_all: any bytes"),
      ("re.replace('(\\\\w+)', 'a b', '<%1>') == '<a> <b>'", "re.replace"),
      (
        "select(2, re.replace('o', 'foo', '%%', 1)) == 1 and re.replace('o', 'foo', '%%', 1) == 'f%o'",
        "re.replace: limit"
      ),
      ("not pcall(re.replace, 'o', 'foo', '%1')", "re.replace: no such group"),
      ("not pcall(re.match, '(', 'x') and not pcall(re.match, 1, 'x')", "re.match: a mistake"),
      ("json.decode('{\"a\":[1,null]}').a[2] == null and json.decode('null') == null", "json.decode"),
      (
        "json.decode('[1') == nil and select(2, json.decode('{\"a\":1,\"a\":2}')):find('two members')",
        "json.decode: strict"
      ),
      ("json.encode({1, 'a', null, true, 1.5}) == '[1,\"a\",null,true,1.5]'", "json.encode"),
      ("tostring({}) == 'table' and tostring(check) == 'function'", "tostring: no addresses"),
      ("('%s %5.1f %q'):format({}, 2.25, 'x') == 'table   2.2 \"x\"'", "string.format"),
      ("tostring(setmetatable({}, {__tostring = function() return 'mine' end})) == 'mine'", "tostring: __tostring"),
      ("tonumber('0x10') == 16 and tonumber('z', 36) == 35 and tonumber('x') == nil", "tonumber"),
      ("select('#', pcall(error)) == 2 and select(2, pcall(error, 'x', 0)) == 'x'", "pcall"),
      ("select(2, xpcall(error, function(m) return m .. '!' end, 'x')) == 'x!'", "xpcall"),
      ("xpcall(function(...) return select('#', ...) == 2 end, error, 1, nil)", "xpcall: arguments"),
    ])
  func works(_ condition: String, _ name: String) async throws {
    let answer = try await script.judge("return not not (\(condition))")
    #expect(answer.verdict == .pass, "\(name): \(answer.verdict)")
  }
}

@Suite("Lua's own libraries, as they stand here")
struct LibraryTests {
  let script = OneScript()

  @Test(
    "patterns",
    arguments: [
      "('hello'):find('l') == 3", "('hello'):find('xyz') == nil", "('a.b'):find('.', 1, true) == 2",
      "select(2, ('hello'):find('l+')) == 4", "('hello'):find('', 10) == nil", "('hello'):find('', 6) == 6",
      "('key = value'):match('^(%w+)%s*=%s*(%w+)$') == 'key'", "('  x '):match('^%s*(.-)%s*$') == 'x'",
      "('[[x]]'):match('%[%[(.*)%]%]') == 'x'", "('f(a(b)c)d'):match('%b()') == '(a(b)c)'",
      "('THE (quick) fox'):find('%f[%a]%a+%f[%A]') == 1", "('hello world'):gsub('o', '0') == 'hell0 w0rld'",
      "select(2, ('hello'):gsub('', '-')) == 6", "(('hello'):gsub('', '-')) == '-h-e-l-l-o-'",
      "(('abc'):gsub('%w', '%0%0')) == 'aabbcc'", "(('abc'):gsub('(a)(b)', '%2%1')) == 'bac'",
      "(('$x $y'):gsub('%$(%w)', {x = '1'})) == '1 $y'", "(('abc'):gsub('b', function() return nil end)) == 'abc'",
      "(('abc'):gsub('.', {a = 1, b = false}, 2)) == '1bc'", "('x'):match('()') == 1", "('abc'):match('a(.?)d') == nil",
      "('aXb'):match('%u') == 'X'", "('a-b'):match('[%a-]+') == 'a-b'", "(']'):match('[]]') == ']'",
      "('^'):match('[%^]') == '^'", "('abcabc'):match('(abc)%1') == 'abc'", "('a\\0b'):find('%z') == nil",
      "('a\\0b'):match('[^\\0]*$') == 'b'", "('é'):match('[\\xC3][\\xA9]') == 'é'", "('aaa'):match('a-') == ''",
      "('aaab'):match('a-b') == 'aaab'", "('ab'):match('^b') == nil", "('a^b'):find('a^', 1) == 1",
      "not pcall(string.find, 'a', '[a')", "not pcall(string.find, 'a', '%')", "not pcall(string.match, 'a', '(a')",
      "not pcall(string.match, 'a', 'a)')", "not pcall(string.gsub, 'a', 'a', '%2')",
      "not pcall(string.gsub, 'a', 'a')",
    ])
  func patterns(_ condition: String) async throws {
    #expect(try await script.judge("return not not (\(condition))").verdict == .pass)
  }

  @Test("gmatch")
  func gmatch() async throws {
    let body = """
      local seen = {}
      for key, value in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do seen[#seen + 1] = key .. value end
      for word in ("one two"):gmatch("%a*") do seen[#seen + 1] = word end
      for last in ("abc"):gmatch("%a", -1) do seen[#seen + 1] = last end
      return false, table.concat(seen, "|")
      """
    #expect(
      try await script.judge(body).verdict == .refuse(reason: "a1|b2|one|two|c", retryAfterSeconds: nil))
  }

  @Test(
    "tables",
    arguments: [
      "table.concat({1, 2, 'x'}, '-') == '1-2-x'", "table.concat({}) == ''",
      "table.concat({1, 2, 3}, ',', 2, 3) == '2,3'",
      "not pcall(table.concat, {1, {}, 3})", "select('#', table.unpack({1, nil, 3}, 1, 3)) == 3",
      "table.pack(1, nil).n == 2",
      "(function() local t = {1, 3} table.insert(t, 2, 2) return t[2] == 2 and #t == 3 end)()",
      "(function() local t = {1, 2} return table.remove(t, 1) == 1 and t[1] == 2 and #t == 1 end)()",
      "table.remove({}) == nil", "not pcall(table.insert, {}, 5, 1)", "not pcall(table.insert, {}, 1, 1, 1)",
      "table.move({1, 2, 3}, 1, 3, 2)[4] == 3", "table.move({1, 2, 3}, 2, 3, 1)[2] == 3",
      "table.move({1}, 1, 1, 1, {})[1] == 1", "not pcall(table.sort, {1, 'a'})",
    ])
  func tables(_ condition: String) async throws {
    #expect(try await script.judge("return not not (\(condition))").verdict == .pass)
  }

  @Test("sort puts any list in order")
  func sort() async throws {
    let body = """
      local seed = 7
      for size = 0, 60 do
        local t = {}
        for i = 1, size do seed = (seed * 1103515245 + 12345) % 2147483648 t[i] = seed % 40 end
        table.sort(t)
        for i = 2, size do if t[i - 1] > t[i] then deny("up " .. size) end end
        table.sort(t, function(a, b) return a > b end)
        for i = 2, size do if t[i - 1] < t[i] then deny("down " .. size) end end
      end
      """
    #expect(try await script.judge(body).verdict == .pass)
  }
}
