import CYAML

/// The events of a YAML text, one at a time: all that touches libyaml.
struct YAMLEvents: ~Copyable {
  /// One event.
  struct Event {
    enum Kind {
      case streamStart, streamEnd, documentStart, documentEnd
      case alias(String)
      case scalar(text: String, style: Node.Style)
      case sequenceStart, sequenceEnd, mappingStart, mappingEnd
    }

    var kind: Kind
    /// Where it begins; with an anchor or a tag before it, where that begins.
    var start: Position
    var end: Position
    var anchor: String?
    var tag: String?
  }

  /// Where and how a text stops being YAML, in libyaml's words.
  struct Failure: Error {
    var problem: String
    var position: Position
    /// What libyaml was reading, and where that began.
    var context: String?
    var contextPosition: Position
  }

  // Owned by this value alone: it cannot be copied, and `deinit` frees both. libyaml keeps a pointer to the parser in
  // itself and one to the text, so that neither may move.
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let text: UnsafeMutableBufferPointer<UInt8>

  /// Begins to read UTF-8; nil if there is no memory for it.
  init?(_ bytes: [UInt8]) {
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    guard yaml_parser_initialize(parser) == 1 else {
      parser.deallocate()
      return nil
    }
    let text = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(bytes.count, 1))
    _ = text.initialize(from: bytes)
    yaml_parser_set_input_string(parser, text.baseAddress, bytes.count)
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    self.parser = parser
    self.text = text
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    text.deallocate()
  }

  /// The next event. After a failure, and after `streamEnd`, there is none.
  mutating func next() throws(Failure) -> Event {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw failure }
    // The strings below are copies.
    defer { yaml_event_delete(&event) }
    var result = Event(
      kind: .streamEnd, start: Position(event.start_mark), end: Position(event.end_mark), anchor: nil, tag: nil)
    switch event.type {
    case YAML_STREAM_START_EVENT: result.kind = .streamStart
    case YAML_DOCUMENT_START_EVENT: result.kind = .documentStart
    case YAML_DOCUMENT_END_EVENT: result.kind = .documentEnd
    case YAML_ALIAS_EVENT: result.kind = .alias(YAMLEvents.string(event.data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let text = String(
        decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.value == nil ? 0 : scalar.length),
        as: UTF8.self)
      result.kind = .scalar(text: text, style: Node.Style(scalar.style))
      result.anchor = YAMLEvents.string(scalar.anchor)
      result.tag = YAMLEvents.string(scalar.tag)
    case YAML_SEQUENCE_START_EVENT:
      result.kind = .sequenceStart
      result.anchor = YAMLEvents.string(event.data.sequence_start.anchor)
      result.tag = YAMLEvents.string(event.data.sequence_start.tag)
    case YAML_SEQUENCE_END_EVENT: result.kind = .sequenceEnd
    case YAML_MAPPING_START_EVENT:
      result.kind = .mappingStart
      result.anchor = YAMLEvents.string(event.data.mapping_start.anchor)
      result.tag = YAMLEvents.string(event.data.mapping_start.tag)
    case YAML_MAPPING_END_EVENT: result.kind = .mappingEnd
    default: result.kind = .streamEnd
    }
    return result
  }

  private var failure: Failure {
    let state = parser.pointee
    let problem = state.problem.map { String(cString: $0) }
    return Failure(
      problem: problem ?? (state.error == YAML_MEMORY_ERROR ? "out of memory" : "unreadable"),
      position: Position(state.problem_mark), context: state.context.map { String(cString: $0) },
      contextPosition: Position(state.context_mark))
  }

  private static func string(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    pointer.map { String(cString: $0) }
  }
}

extension Position {
  fileprivate init(_ mark: yaml_mark_t) {
    self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
  }
}

extension Node.Style {
  fileprivate init(_ style: yaml_scalar_style_t) {
    switch style {
    case YAML_LITERAL_SCALAR_STYLE: self = .literal
    case YAML_FOLDED_SCALAR_STYLE: self = .folded
    case YAML_SINGLE_QUOTED_SCALAR_STYLE, YAML_DOUBLE_QUOTED_SCALAR_STYLE: self = .quoted
    default: self = .plain
    }
  }
}
