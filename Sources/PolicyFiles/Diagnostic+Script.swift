public import Policy

extension Diagnostic {
  /// A script that does not load, for whoever compiles the scripts of a policy.
  ///
  /// - Parameters:
  ///   - script: the script at fault.
  ///   - place: a line of the file that ``ScriptSource/name`` names, or where the policy names the script.
  ///   - message: what is wrong, on one line.
  public init(script: ScriptSource, at place: Place, message: String) {
    self.init(.scriptDoesNotLoad, in: script, at: place, message: message)
  }

  /// A mistake in a script or in a module of it.
  init(_ mistake: Mistake, in script: ScriptSource, at place: Place, message: String) {
    let module = script.modules.first { $0.file == place.file && $0.file != script.name }
    let isInScript = place.file == script.name && place != script.place && place.line >= script.firstLine
    let lines = (module?.text ?? script.text).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let index = place.line - (module == nil ? script.firstLine : 1)
    let isShown = (isInScript || module != nil) && lines.indices.contains(index)
    self.init(
      mistake, at: place, message: message,
      hint: place.file == script.place.file ? nil : "the policy names this script at \(script.place)",
      sourceLine: isShown ? String(decoding: lines[index], as: UTF8.self) : nil)
  }
}
