import Policy

/// What a worker said, read without trusting it.
enum Reply {
  case hello(SandboxLayers)
  case loaded(number: UInt64, problem: String?)
  case answer(number: UInt64, ScriptAnswer)
  case count(number: UInt64, ScriptCount)

  /// Reads a frame; nil where it is none that a worker may send.
  init?(_ bytes: UnsafeRawBufferPointer) {
    var reader = FrameReader(bytes)
    let kind = Frame.Kind(rawValue: reader.integer())
    let number: UInt64 = reader.integer()
    switch kind {
    case .hello:
      self = .hello(SandboxLayers(rawValue: reader.integer()))
    case .loaded:
      let isLoaded = reader.integer(UInt8.self) == 1
      let problem = ScriptText.line(reader.text(), most: 1024)
      let traceback = ScriptText.lines(reader.text(), most: 8192)
      self = .loaded(number: number, problem: isLoaded ? nil : ScriptText.placed(problem, by: traceback))
    case .answer:
      guard let answer = ScriptAnswer(&reader) else { return nil }
      self = .answer(number: number, answer)
    case .count:
      guard let count = ScriptCount(&reader) else { return nil }
      self = .count(number: number, count)
    default: return nil
    }
    guard reader.isFinished else { return nil }
  }
}

extension ScriptCount {
  fileprivate init?(_ reader: inout FrameReader) {
    let isReserving = reader.integer(UInt8.self) == 1
    let amount = Int(reader.integer(Int64.self))
    let most = Int(reader.integer(Int64.self))
    let window: Int64 = reader.integer()
    let per = Partitions(rawValue: reader.integer())
    guard let name = String(validating: reader.text(), as: UTF8.self), reader.isValid else { return nil }
    self.init(
      name: name, window: window, per: per, purpose: isReserving ? .reserve(amount: amount, max: most) : .read)
  }
}

extension ScriptAnswer {
  fileprivate init?(_ reader: inout FrameReader) {
    let verdict: UInt8 = reader.integer()
    let hasReason = reader.integer(UInt8.self) == 1
    let seconds: Int64 = reader.integer()
    let said = reader.text()
    let traceback = reader.text()
    let log = reader.text()
    let arguments = reader.text()
    guard verdict == 4 || arguments.isEmpty else { return nil }
    let reason = hasReason ? ScriptText.line(said, most: 1024) : nil
    switch verdict {
    case 0: self.init(verdict: .pass)
    case 1: self.init(verdict: .refuse(reason: reason, retryAfterSeconds: seconds < 0 ? nil : Int(seconds)))
    case 2: self.init(verdict: .ask(reason: reason))
    case 3:
      let lines = ScriptText.lines(traceback, most: 8192)
      let summary = ScriptText.placed(reason ?? "failed", by: lines)
      self.init(verdict: .fault(summary: summary, traceback: lines))
    case 4:
      guard let arguments = NewArguments(Array(arguments)) else { return nil }
      self.init(verdict: .replace(arguments))
    default: return nil
    }
    var lines = FrameReader(log)
    while !lines.isFinished {
      let line = lines.text()
      guard lines.isValid else { return nil }
      self.log.append(ScriptText.line(line, most: 1024))
    }
  }

  /// The answer of a worker that gave none.
  static func fault(_ summary: String) -> ScriptAnswer {
    ScriptAnswer(verdict: .fault(summary: summary, traceback: ""))
  }
}

/// Text from scripts, made fit for agents and logs.
enum ScriptText {
  /// One line of at most `most` bytes: every control character and every line end that Unicode has becomes a space, the
  /// directions of bidirectional text go, and bytes that are not UTF-8 become U+FFFD.
  static func line(_ bytes: UnsafeRawBufferPointer, most: Int) -> String {
    clean(bytes, most: most) { $0 == "\n" ? " " : $0 }
  }

  /// The same, with its line feeds.
  static func lines(_ bytes: UnsafeRawBufferPointer, most: Int) -> String {
    clean(bytes, most: most) { $0 }
  }

  /// The message with the innermost place that the traceback names, unless it begins with one itself.
  static func placed(_ message: String, by traceback: String) -> String {
    guard let first = traceback.split(separator: "\n").first(where: { !$0.hasPrefix("[C]") }),
      let end = first.utf8.firstRange(of: ": in ".utf8)?.lowerBound
    else { return message }
    let place = first[..<end]
    let file = place.prefix { $0 != ":" }
    return message.hasPrefix(file + ":") ? message : "\(place): \(message)"
  }

  private static func clean(
    _ bytes: UnsafeRawBufferPointer, most: Int, _ lineFeed: (Unicode.Scalar) -> Unicode.Scalar
  ) -> String {
    var output = String.UnicodeScalarView()
    var count = 0
    for scalar in String(decoding: bytes.prefix(most + 4), as: UTF8.self).unicodeScalars {
      let kept: Unicode.Scalar
      switch scalar.value {
      case 0x0A: kept = lineFeed(scalar)
      case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: kept = " "
      case 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFEFF, 0xE0000...0xE007F: continue
      default: kept = scalar
      }
      count += UTF8.width(kept)
      guard count <= most else { break }
      output.append(kept)
    }
    return String(output)
  }
}
