import Policy
public import Wire

/// Policy files: YAML in, rules out.
public enum PolicyFile {
  /// Loads the policy at `path`, and the scripts that it names.
  ///
  /// - Parameters:
  ///   - given: values for parameters of the policy that are not to have their defaults. What is wrong with one has the
  ///     place `--with NAME`.
  ///   - tools: the server's own list of its tools, where the policy is to be held against it.
  ///   - whenScripted: called once, as soon as a rule is found to have a script, so that whoever is to run it can make
  ///     ready; whether the policy loads is not known by then.
  /// - Throws: every mistake in it, with its place.
  public static func load(
    _ path: String, given: [Name: ParameterValue] = [:], against tools: ListedTools? = nil,
    whenScripted: @escaping () -> Void = {}
  ) throws(PolicyProblems) -> LoadedPolicy {
    let folder = FilePaths.folder(of: path)
    switch TextFile.read(path, limit: SourceText.limit) {
    case .failure(let failure):
      let diagnostic = Diagnostic(
        .unreadablePolicy, at: Place(file: path, line: 1, column: 1), message: failure.description, hint: failure.hint)
      throw PolicyProblems(diagnostics: [diagnostic], files: [path])
    case .success(let file):
      return try load(
        text: file.bytes, named: path, scriptsIn: folder, given: given, against: tools, whenScripted: whenScripted)
    }
  }

  /// Loads a policy from its text.
  ///
  /// - Parameters:
  ///   - text: UTF-8, YAML 1.2.
  ///   - name: what the file is called in places and messages.
  ///   - folder: where relative `script:` paths begin.
  ///   - given: values for parameters of the policy.
  ///   - tools: the server's own list of its tools, where the policy is to be held against it.
  ///   - whenScripted: called once, as soon as a rule is found to have a script.
  /// - Throws: every mistake in it, with its place.
  public static func load(
    text: [UInt8], named name: String, scriptsIn folder: String, given: [Name: ParameterValue] = [:],
    against tools: ListedTools? = nil, whenScripted: @escaping () -> Void = {}
  ) throws(PolicyProblems) -> LoadedPolicy {
    var compiler = Compiler(
      source: SourceText(text, name: name), folder: folder, given: given, against: tools, whenScripted: whenScripted)
    return try compiler.load()
  }
}
