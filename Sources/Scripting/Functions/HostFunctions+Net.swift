import Policy
import Wire

extension HostFunctions {
  /// `net`: IP addresses, by the code that reads them in URLs.
  static let net: [HostFunction] = [
    HostFunction(
      "net.ip", "net.ip(text)",
      [
        "An IP address in its parts; or nil and why it is none. IPv4 has one spelling, four decimal numbers; IPv6 may",
        "stand in brackets, and has no zone. `text` is the canonical spelling, `special` says what sets the address",
        "apart, as in \"a private address\", and is nil where it leads to the Internet at large.", "@param text string",
        "@return moongate.address? address", "@return string? why",
      ],
      examples: [
        #"net.ip("2001:DB8::0:1").text == "2001:db8::1""#, #"net.ip("10.0.0.1").special == "a private address""#,
        #"net.ip("0x7f.1") == nil"#,
      ]
    ) { arguments, outcome in
      guard let address = arguments.bytes(0).flatMap({ InternetAddress($0) }) else {
        outcome.append(.none)
        return outcome.append("\(arguments.shown(0)) is no IP address")
      }
      outcome.append(.json(parts(of: address).encoded()))
    },
    HostFunction(
      "net.in_cidr", "net.in_cidr(ip, cidr)",
      [
        "Whether an address lies in a range such as \"10.0.0.0/8\" or \"2001:db8::/32\". An address of one version lies in",
        "no range of the other, but ::ffff:10.0.0.1 leads to 10.0.0.1 and lies where that does. An error where either is",
        "none, so that no answer is a guess.", "@param ip string", "@param cidr string", "@return boolean inside",
      ], examples: [#"net.in_cidr("10.1.2.3", "10.0.0.0/8")"#, #"not net.in_cidr("2001:db8::1", "10.0.0.0/8")"#]
    ) { arguments, outcome in
      guard let address = arguments.bytes(0).flatMap({ InternetAddress($0) }) else {
        return outcome.fail(noAddress("net.in_cidr", arguments))
      }
      guard let text = arguments.bytes(1) else {
        return outcome.fail("net.in_cidr: cidr is a range of addresses, not \(arguments.shown(1))")
      }
      do throws(AddressRange.Problem) {
        outcome.append(.bool(try AddressRange(text).contains(address)))
      } catch {
        outcome.fail("net.in_cidr: cidr \(arguments.shown(1)) \(error.description)")
      }
    },
    HostFunction(
      "net.is_private", "net.is_private(ip)",
      [
        "Whether an address leads anywhere but to the Internet at large: to this machine, a private network, a cloud's",
        "metadata, a multicast group; the addresses that url.allowed refuses. If so, what is special about it. An error",
        "where it is no address.", "@param ip string", "@return boolean private", "@return string? what",
      ], examples: [#"net.is_private("169.254.169.254")"#, #"not net.is_private("1.1.1.1")"#]
    ) { arguments, outcome in
      guard let address = arguments.bytes(0).flatMap({ InternetAddress($0) }) else {
        return outcome.fail(noAddress("net.is_private", arguments))
      }
      outcome.append(.bool(address.special != nil))
      if let special = address.special { outcome.append(special) }
    },
  ]

  private static func noAddress(_ name: String, _ arguments: HostArguments) -> String {
    "\(name): ip is an IP address, not \(arguments.shown(0))"
  }

  private static func parts(of address: InternetAddress) -> JSON {
    var members: [(name: Name, value: JSON)] = [
      ("version", .number(ExactNumber(address.width == 32 ? 4 : 6))),
      ("text", .string(address.description)),
      ("bytes", .array(address.bytes.map { .number(ExactNumber(Int64($0))) })),
    ]
    if let special = address.special { members.append(("special", .string(special))) }
    return .object(members)
  }
}
