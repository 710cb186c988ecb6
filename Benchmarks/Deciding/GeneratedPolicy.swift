/// A policy of many keys with five rules each, and calls that it judges by the rules of one.
struct GeneratedPolicy {
  /// How the keys are written.
  enum Keys {
    case names
    case globs
  }

  let keys: Keys
  let count: Int

  /// The name or glob of a key.
  private func key(_ number: Int) -> String {
    switch keys {
    case .names: "service_\(number / 100)_tool_\(number)"
    case .globs:
      switch number % 4 {
      case 0: "g\(number)_*"
      case 1: "*_g\(number)"
      case 2: "a*_\(number)_*z"
      default: "x?_\(number)_*"
      }
    }
  }

  /// A tool that the key matches, and no other does.
  func tool(_ number: Int) -> String {
    switch keys {
    case .names: key(number)
    case .globs:
      switch number % 4 {
      case 0: "g\(number)_generate_video"
      case 1: "generate_video_g\(number)"
      case 2: "a_generate_\(number)_videoz"
      default: "xy_\(number)_generate_video"
      }
    }
  }

  /// The policy as a file.
  var text: String {
    var text = "default: deny\ntools:\n"
    for number in 0..<count { text += "  \"\(key(number))\":\n" + GeneratedPolicy.rules }
    return text
  }

  private static let rules = """
        rules:
          - { name: short, require: [{ args.prompt: { length: { lte: 2000 } } }] }
          - name: sizes of ours
            require: [{ args.aspect_ratio: { default: "16:9", in: ["16:9", "9:16", "1:1"] } }]
          - name: callback stays at home
            require: [{ args.callback_url: { optional: true, url: { hosts: [hooks.example.com] } } }]
          - name: no loop
            when: { args.loop: { eq: true, default: false } }
            action: deny
          - { name: a pace that is never reached, rate_limit: 1000000/hour }

    """

  /// A call's message.
  func message(_ number: Int) -> [UInt8] {
    Array(
      ("""
      {"jsonrpc":"2.0","id":\(number),"method":"tools/call","params":{"name":"\(tool(number))","arguments":{\
      "prompt":"a lighthouse in the storm, seen from the sea","aspect_ratio":"1:1","loop":false,\
      "callback_url":"https://hooks.example.com/done"}}}
      """).utf8)
  }
}
