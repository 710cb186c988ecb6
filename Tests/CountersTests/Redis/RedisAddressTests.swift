import Testing

@testable import Counters

@Suite("The address of a server of Redis")
struct RedisAddressTests {
  @Test("names a host, and all that is not written has a usual value")
  func host() throws {
    let address = try RedisAddress("redis://example.com")
    #expect(address.endpoint == .host("example.com", port: 6379))
    #expect(address.protection == .none && address.user == nil && address.password == nil)
    #expect(address.database == 0 && address.prefix == "moongate:")
    #expect(address.description == "Redis at example.com:6379")
  }

  @Test("has a user, a password, a port, a database and a prefix")
  func all() throws {
    let address = try RedisAddress("redis://an%20agent:p%40ss%2fw:rd@[2001:db8::1]:7000/12?prefix=team%20a:")
    #expect(address.endpoint == .host("2001:db8::1", port: 7000))
    #expect(address.user == "an agent" && address.password == "p@ss/w:rd")
    #expect(address.database == 12 && address.prefix == "team a:")
    #expect(address.description == "Redis at [2001:db8::1]:7000")
    #expect(try RedisAddress("redis://:secret@h/").password == "secret")
    #expect(try RedisAddress("redis://:secret@h/").user == nil)
    #expect(try RedisAddress("redis://h?db=3").database == 3)
  }

  @Test("names a Unix socket", arguments: ["unix", "redis+unix"])
  func socket(_ scheme: String) throws {
    let address = try RedisAddress("\(scheme):///run/my%20redis/socket?db=2&prefix=x")
    #expect(address.endpoint == .socket("/run/my redis/socket"))
    #expect(address.database == 2 && address.prefix == "x")
    #expect(try RedisAddress("\(scheme)://u:p@/run/socket").user == "u")
  }

  @Test("asks for TLS")
  func tls() throws {
    #expect(try RedisAddress("rediss://h").protection == .tls(authorities: nil))
    #expect(try RedisAddress("rediss://h?ca=/etc/ca.pem").protection == .tls(authorities: "/etc/ca.pem"))
  }

  @Test(
    "that cannot be read says why, and never repeats a password",
    arguments: [
      ("http://h", "begins with none of"), ("redis:/h", "begins with none of"), ("", "begins with none of"),
      ("redis://", "names no host"), ("redis://:6379", "names no host"), ("redis://h:0", "the port"),
      ("redis://h:65536", "the port"), ("redis://h:", "the port"), ("redis://h/x", "the database"),
      ("redis://h/1/2", "the database"), ("redis://h/1?db=2", "named twice"), ("redis://h?db=1&db=1", "given twice"),
      ("redis://h?ca=/x", "another option"), ("redis://h?timeout=3", "another option"),
      ("redis://h?prefix=", "no value"),
      ("redis://h?prefix=%0a", "prefix"), ("redis://h?prefix=%zz", "hexadecimal"), ("redis://h#x", "%23"),
      ("redis://h h", "space"), ("redis://[::1", "not closed"), ("redis://[h]", "IPv6"), ("redis://[::1]x", "no port"),
      ("redis://a:b@c:d@h", "two @"), ("redis://user@h", "without a password"),
      ("redis://user:@h", "without a password"),
      ("unix://run/socket", "three slashes"), ("unix://", "is missing"), ("redis://u:%ff@h", "UTF-8"),
      ("redis://hö", "ASCII"), ("redis://u:hunter2/x@h", "an @ stands behind"),
      ("redis://u:hunter2?x@h", "an @ stands"),
      ("redis://u:hunter2#x@h", "%23"), ("redis://u:hunter2", "the port"), ("redis://u:hunter2%@h", "hexadecimal"),
    ])
  func refused(_ text: String, _ words: String) {
    let error = #expect(throws: RedisAddressError.self) { try RedisAddress(text) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("hunter2") != true)
  }
}
