import Wire

extension HostFunctions {
  /// `hash`: to compare with what is known, and to name what should not be shown.
  static let hash: [HostFunction] = [
    HostFunction(
      "hash.sha256", "hash.sha256(bytes)",
      [
        "The SHA-256 of a string, whatever bytes it has, as 64 hexadecimal digits in lower case.",
        "@param bytes string", "@return string digits",
      ], examples: [#"hash.sha256("abc"):sub(1, 8) == "ba7816bf""#], price: 4
    ) { arguments, outcome in
      guard let bytes = arguments.bytes(0) else {
        return outcome.fail("hash.sha256: bytes is a string, not \(arguments.shown(0))")
      }
      var digest = SHA256()
      digest.update(bytes)
      outcome.append(digest.hexadecimal())
    }
  ]
}
