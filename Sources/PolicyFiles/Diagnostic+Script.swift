public import Policy

extension Diagnostic {
  /// A script that does not load, for whoever compiles the scripts of a policy.
  ///
  /// - Parameters:
  ///   - script: the script at fault.
  ///   - place: a line of the file that ``ScriptSource/name`` names, or where the policy names the script.
  ///   - message: what is wrong, on one line.
  public init(script: ScriptSource, at place: Place, message: String) {
    let isInScript = place.file == script.name && place != script.place && place.line >= script.firstLine
    let lines = script.text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let index = place.line - script.firstLine
    self.init(
      .scriptDoesNotLoad, at: place, message: message,
      hint: place.file == script.place.file ? nil : "the policy names this script at \(script.place)",
      sourceLine: isInScript && index < lines.count ? String(decoding: lines[index], as: UTF8.self) : nil)
  }
}
