public import Wire

/// A reason with `{{path}}` to be filled in.
public struct ReasonTemplate: Sendable {
  /// The most bytes of UTF-8 that a reason has.
  static let limit = 1024

  private enum Part: Sendable {
    case text(String)
    case value(Path)
  }

  private let parts: [Part]

  /// Reads a template.
  ///
  /// - Throws: an unclosed `{{`, or a path that is none.
  public init(_ text: String) throws(OperandError) {
    var parts: [Part] = []
    var rest = Array(text.unicodeScalars)[...]
    while let opening = ReasonTemplate.pair("{", in: rest) {
      parts.append(.text(ReasonTemplate.string(rest[..<opening])))
      let inner = rest[(opening + 2)...]
      guard let closing = ReasonTemplate.pair("}", in: inner) else {
        throw OperandError("a {{ in the reason is not closed", hint: "{{args.name}}")
      }
      let name = inner[..<closing].drop { $0 == " " }
      let end = (name.lastIndex { $0 != " " }).map { $0 + 1 } ?? name.startIndex
      parts.append(.value(try Path(ReasonTemplate.string(name[..<end]))))
      rest = inner[(closing + 2)...]
    }
    parts.append(.text(ReasonTemplate.string(rest)))
    self.parts = parts
  }

  /// A reason in which nothing is filled in.
  public init(literal text: String) {
    parts = [.text(text)]
  }

  private static func pair(_ mark: Unicode.Scalar, in text: ArraySlice<Unicode.Scalar>) -> Int? {
    text.indices.dropLast().first { text[$0] == mark && text[$0 + 1] == mark }
  }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  /// The paths that are filled in.
  package var paths: [Path] {
    parts.compactMap { part in
      if case .value(let path) = part { path } else { nil }
    }
  }

  /// The reason for this call, on one line, cut at 1 KiB. Values are cleaned of what cannot be seen, and cut; an absent
  /// one reads `(absent)`.
  public func filled(for call: Call) -> String {
    var reason = ""
    for part in parts {
      switch part {
      case .text(let text): reason += text
      case .value(let path): reason += Excerpt.bare(path.value(in: call))
      }
    }
    return Excerpt.line(reason, limit: ReasonTemplate.limit)
  }
}
