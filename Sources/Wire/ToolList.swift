/// The answer to `tools/list`: what it defines, and the same answer without what is hidden.
public enum ToolList {
  /// One page of the list.
  public struct Page: Sendable {
    /// The tools that it defines, in its order; of several of one name, the first.
    public let tools: [(name: Name, definition: JSONValue)]
    /// The cursor of the next page, a string; nil where this is the last.
    public let next: JSONValue?
  }

  /// The page that a response is.
  ///
  /// - Throws: where it is no list whose shape can be trusted.
  public static func page(in response: Message) throws(MessageError) -> Page {
    var seen: Set<Name> = []
    let tools = try tools(in: response).filter { seen.insert($0.name).inserted }
    guard let cursor = response.result?["nextCursor"], cursor.kind != .null else {
      return Page(tools: tools, next: nil)
    }
    guard cursor.kind == .string else { throw wrong(response, "`result.nextCursor` must be a string") }
    return Page(tools: tools, next: cursor)
  }

  /// The response without the hidden tools, every other byte as it was.
  ///
  /// - Returns: nil where there is nothing to hide and the response can be forwarded as it is.
  /// - Throws: where the response could show a hidden tool to a client that reads it otherwise: aliases of `tools` or
  ///   `name`, a tool without a name, a name that could be taken for a hidden one.
  public static func hiding(_ hidden: (Name) -> Bool, in response: Message) throws(MessageError) -> [UInt8]? {
    guard response.error == nil else { return nil }
    let tools = try tools(in: response)
    let isHidden = tools.map { hidden($0.name) }
    guard isHidden.contains(true) else { return nil }
    var hiddenFolds: Set<Name> = []
    for (tool, isHidden) in zip(tools, isHidden) where isHidden { hiddenFolds.insert(NameFolding.folded(tool.name)) }
    for (tool, isHidden) in zip(tools, isHidden) where !isHidden {
      if hiddenFolds.contains(NameFolding.folded(tool.name)) {
        throw wrong(response, "tool \(Excerpt.of(tool.name.text)) could be taken for one that is hidden")
      }
    }
    return splice(response, tools.map(\.definition.range), isHidden)
  }

  /// Each cut goes from the end of what was kept last to the end of what is hidden; before the first kept one, from
  /// the beginning of what is hidden to the beginning of what follows.
  private static func splice(_ response: Message, _ ranges: [Range<Int>], _ isHidden: [Bool]) -> [UInt8] {
    let bytes = response.body.tape.bytes
    let whole = response.body.range
    var output: [UInt8] = []
    output.reserveCapacity(whole.count)
    var copied = whole.lowerBound
    var hasKept = false
    for (position, range) in ranges.enumerated() {
      if isHidden[position] {
        let isLast = position + 1 == ranges.count
        let cut =
          hasKept
          ? ranges[position - 1].upperBound..<range.upperBound
          : range.lowerBound..<(isLast ? range.upperBound : ranges[position + 1].lowerBound)
        if cut.lowerBound > copied { output.append(contentsOf: bytes[copied..<cut.lowerBound]) }
        copied = max(copied, cut.upperBound)
      } else {
        hasKept = true
      }
    }
    output.append(contentsOf: bytes[copied..<whole.upperBound])
    return output
  }

  private static func tools(in response: Message) throws(MessageError) -> [(name: Name, definition: JSONValue)] {
    guard let result = response.result, let list = result["tools"], list.kind == .array else {
      throw wrong(response, "`result.tools` must be an array")
    }
    if let alias = Aliases.first(in: result, of: .toolList) {
      throw wrong(
        response, "in `result`, \(Excerpt.of(alias.member.string ?? "")) could be taken for \"\(alias.known)\"")
    }
    var tools: [(name: Name, definition: JSONValue)] = []
    tools.reserveCapacity(list.count)
    for tool in list.elements {
      guard tool.kind == .object, let name = tool["name"]?.name else {
        throw wrong(response, "tool \(tools.count + 1) of the list has no name")
      }
      if let alias = Aliases.first(in: tool, of: .tool) {
        throw wrong(
          response,
          "in tool \(tools.count + 1), \(Excerpt.of(alias.member.string ?? "")) could be taken for "
            + "\"\(alias.known)\"")
      }
      tools.append((name, tool))
    }
    return tools
  }

  private static func wrong(_ response: Message, _ message: String) -> MessageError {
    MessageError(
      code: MessageError.invalidMessage, message: "the list of tools cannot be trusted: \(message)", id: response.id,
      sort: .response)
  }
}
