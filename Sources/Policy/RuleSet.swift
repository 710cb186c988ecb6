public import Wire

/// A policy, ready to decide: an immutable value that is swapped whole.
///
/// Made by setting its parts; each time, what deciding looks names up in is made anew, so that a call never pays for it.
public struct RuleSet: Sendable {
  /// The verdict on something that no key names.
  public enum Verdict: String, Sendable, CaseIterable {
    case allow, deny
  }

  /// Whether a refusal is carried out or only recorded.
  public enum Mode: String, Sendable, CaseIterable {
    case enforce, observe
  }

  /// What `default:` says of tools.
  public var defaultVerdict: Verdict = .allow
  /// What `default:` says of resources.
  public var resourceDefault: Verdict = .allow
  /// What `default:` says of prompts.
  public var promptDefault: Verdict = .allow
  /// Per-call limits of scripts, and of messages.
  public var limits = Limits()

  /// All that takes memory, so that a policy is passed on as one reference.
  private(set) var compiled = CompiledRules()

  /// What `mode:` says, of everything but the rules that say otherwise themselves.
  public var mode: Mode {
    get { compiled.mode }
    set {
      compiled = CompiledRules(
        tools: CompiledKeys(tools, hidden: hidden, newValue), resources: CompiledKeys(resources, newValue),
        prompts: CompiledKeys(prompts, newValue), methods: methods, newValue)
    }
  }
  /// What `hide:` names: gone from `tools/list`, refused in `tools/call`.
  public var hidden: [NamePattern] {
    get { compiled.tools.hidden }
    set { replace(tools: CompiledKeys(tools, hidden: newValue, mode)) }
  }
  /// The keys under `tools:` with their rules, in the order of the file.
  public var tools: [Section] {
    get { compiled.tools.keys }
    set { replace(tools: CompiledKeys(newValue, hidden: hidden, mode)) }
  }
  /// The keys under `resources:`, which match URIs.
  public var resources: [Section] {
    get { compiled.resources.keys }
    set { replace(resources: CompiledKeys(newValue, mode)) }
  }
  /// The keys under `prompts:`.
  public var prompts: [Section] {
    get { compiled.prompts.keys }
    set { replace(prompts: CompiledKeys(newValue, mode)) }
  }
  /// What `methods:` says of the other methods.
  public var methods: MethodLists {
    get { compiled.methods }
    set { replace(methods: newValue) }
  }

  /// Whether a limit gives back what a call took whose tool has answered that it failed.
  public var refundsToolErrors: Bool { compiled.tools.refundsToolErrors }

  private mutating func replace(
    tools: CompiledKeys? = nil, resources: CompiledKeys? = nil, prompts: CompiledKeys? = nil,
    methods: MethodLists? = nil
  ) {
    compiled = CompiledRules(
      tools: tools ?? compiled.tools, resources: resources ?? compiled.resources,
      prompts: prompts ?? compiled.prompts, methods: methods ?? compiled.methods, compiled.mode)
  }

  /// A policy without rules, which allows everything.
  public init() {}

  /// One key under `tools:`, `resources:` or `prompts:`.
  public struct Section: Sendable {
    /// Which names it governs: a name, a glob, or `*`.
    public var pattern: NamePattern
    /// Its rules, in the order of the file.
    public var rules: [Rule]
    /// How arguments are held against the tool's own schema.
    public var arguments: ArgumentsCheck

    /// A key and its rules.
    public init(pattern: NamePattern, rules: [Rule], arguments: ArgumentsCheck = .any) {
      self.pattern = pattern
      self.rules = rules
      self.arguments = arguments
    }
  }

  /// Whether `hide:` names the tool.
  public func hides(_ tool: Name) -> Bool {
    compiled.tools.hides(tool)
  }

  /// Whether some rule looks at what the server says of a tool: its input schema or its annotations.
  public var needsDefinitions: Bool { compiled.tools.needsDefinitions }

  /// Whether calls of this tool are judged by what the server says of it.
  public func needsDefinition(of tool: Name) -> Bool {
    compiled.tools.needsDefinition(of: tool)
  }

  /// What `methods:` objects to in a message of this method; nil for calls, which rules judge.
  public func objection(to method: Name) -> Refusal? {
    guard !methods.allowsEverything, KnownMethod(rawValue: method.text)?.subject == nil else { return nil }
    return methods.objection(to: method)
  }
}
