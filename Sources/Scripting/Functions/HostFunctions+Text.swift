import Policy

extension HostFunctions {
  /// `text`: Unicode, by code points. Every function wants UTF-8.
  static let text: [HostFunction] = [
    HostFunction(
      "text.normalize", "text.normalize(text, form)",
      [
        "The text in a normalization form of Unicode 15.0: \"NFC\" and \"NFD\" keep what it means, \"NFKC\" and \"NFKD\"",
        "also fold what only looks different, such as full-width letters and ligatures. An error for a text that is not",
        "UTF-8, or has over two million characters.", "@param text string",
        "@param form \"NFC\"|\"NFD\"|\"NFKC\"|\"NFKD\"",
        "@return string text",
      ], examples: [#"text.normalize("ﬁne", "NFKC") == "fine""#], price: 48
    ) { arguments, outcome in
      guard let form = arguments.string(1).flatMap(NormalizationForm.init(rawValue:)) else {
        return outcome.fail(
          "text.normalize: form is \"NFC\", \"NFD\", \"NFKC\" or \"NFKD\", not \(arguments.shown(1))")
      }
      withText("text.normalize", arguments, &outcome) { text, outcome in
        guard let normalized = form.normalized(text) else { return outcome.fail(tooLong("text.normalize")) }
        outcome.append(normalized)
      }
    },
    HostFunction(
      "text.is_plain", "text.is_plain(text)",
      [
        "Whether a reader sees all that is in the text: it has no control characters (line feeds and tabs are such), no",
        "bidirectional, zero-width, tag, private-use or unassigned characters, and is UTF-8.", "@param text string",
        "@return boolean plain",
      ], examples: [#"text.is_plain("Grüße")"#, #"not text.is_plain("a\u{200B}b")"#], price: 16
    ) { arguments, outcome in
      guard arguments.bytes(0) != nil else { return outcome.fail(noString("text.is_plain", arguments)) }
      outcome.append(.bool(arguments.string(0).map(PlainText.isPlain) ?? false))
    },
    HostFunction(
      "text.skeleton", "text.skeleton(text)",
      [
        "What the text looks like: texts that can be taken for each other have equal skeletons (UTS #39). Only good for",
        "comparing with another skeleton; upper and lower case look different. An error for a text that is not UTF-8, or",
        "has over two million characters.", "@param text string", "@return string skeleton",
      ], examples: [#"text.skeleton("p\u{430}ypal") == text.skeleton("paypal")"#], price: 64
    ) { arguments, outcome in
      withText("text.skeleton", arguments, &outcome) { text, outcome in
        guard let skeleton = Skeleton.of(text) else { return outcome.fail(tooLong("text.skeleton")) }
        outcome.append(skeleton)
      }
    },
    HostFunction(
      "text.lower", "text.lower(text)",
      [
        "The text in lower case, each character by itself and the same in every language. An error for a text that is",
        "not UTF-8.", "@param text string", "@return string text",
      ], examples: [#"text.lower("ÀB") == "àb""#], price: 16
    ) { arguments, outcome in
      withText("text.lower", arguments, &outcome) { text, outcome in
        outcome.append(mapped(text) { $0.properties.lowercaseMapping })
      }
    },
    HostFunction(
      "text.upper", "text.upper(text)",
      [
        "The text in upper case, each character by itself and the same in every language. An error for a text that is",
        "not UTF-8.", "@param text string", "@return string text",
      ], examples: [#"text.upper("straße") == "STRASSE""#], price: 16
    ) { arguments, outcome in
      withText("text.upper", arguments, &outcome) { text, outcome in
        outcome.append(mapped(text) { $0.properties.uppercaseMapping })
      }
    },
    HostFunction(
      "text.length", "text.length(text)",
      [
        "How many code points the text has. An error for a text that is not UTF-8.", "@param text string",
        "@return integer count",
      ], examples: [#"text.length("日本") == 2"#], price: 2
    ) { arguments, outcome in
      withText("text.length", arguments, &outcome) { text, outcome in
        outcome.append(.integer(Int64(text.unicodeScalars.count)))
      }
    },
  ]

  private static func withText(
    _ name: String, _ arguments: HostArguments, _ outcome: inout HostOutcome,
    _ body: (String, inout HostOutcome) -> Void
  ) {
    guard arguments.bytes(0) != nil else { return outcome.fail(noString(name, arguments)) }
    guard let text = arguments.string(0) else {
      return outcome.fail("\(name): text is not UTF-8: \(arguments.shown(0))")
    }
    body(text, &outcome)
  }

  private static func noString(_ name: String, _ arguments: HostArguments) -> String {
    "\(name): text is a string, not \(arguments.shown(0))"
  }

  private static func tooLong(_ name: String) -> String {
    "\(name): text has more than \(NormalizationForm.longest) characters once it is decomposed"
  }

  private static func mapped(_ text: String, _ mapping: (Unicode.Scalar) -> String) -> String {
    var output = ""
    output.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars { output += mapping(scalar) }
    return output
  }
}
