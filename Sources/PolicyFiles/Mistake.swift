/// The kinds of things that can be said about a policy: one row of the catalogue each. The raw value is the code.
///
/// MG1 is the file and its YAML, MG2 its keys and structure, MG3 its values, MG4 its scripts, MG5 warnings.
public enum Mistake: String, CaseIterable, Sendable {
  case unreadablePolicy = "MG1001"
  case policyTooLarge = "MG1002"
  case notUTF8 = "MG1003"
  case forbiddenCharacter = "MG1004"
  case emptyPolicy = "MG1005"
  case tooManyMistakes = "MG1006"
  case yamlSyntax = "MG1101"
  case tabIndentation = "MG1102"
  case unquotedIndicator = "MG1103"
  case duplicateKey = "MG1201"
  case tag = "MG1202"
  case mergeKey = "MG1203"
  case unknownAlias = "MG1204"
  case aliasExplosion = "MG1205"
  case tooComplex = "MG1206"
  case secondDocument = "MG1207"
  case directive = "MG1208"
  case keyIsNoName = "MG1209"
  case numberOutOfRange = "MG1210"

  case wrongKind = "MG2001"
  case unknownKey = "MG2002"
  case laterVersion = "MG2003"
  case emptySection = "MG2004"
  case unknownVersion = "MG2005"
  case unknownWord = "MG2006"
  case missingKey = "MG2007"
  case duplicateRuleName = "MG2101"
  case contradiction = "MG2102"
  case checksNothing = "MG2103"
  case conditionShape = "MG2104"
  case duplicateEntry = "MG2105"
  case conflictingEdits = "MG2106"

  case badName = "MG3001"
  case badPath = "MG3002"
  case unknownOperator = "MG3003"
  case badOperand = "MG3004"
  case badReason = "MG3005"
  case badMaximum = "MG3006"
  case badWindow = "MG3007"
  case badPartition = "MG3008"
  case badLimit = "MG3009"

  case missingScript = "MG4001"
  case unreadableScript = "MG4002"
  case scriptIsNoText = "MG4003"
  case scriptIsBytecode = "MG4004"
  case inlineScriptShape = "MG4005"
  case missingModule = "MG4006"
  case badModuleName = "MG4007"
  case moduleOutside = "MG4008"
  case moduleCycle = "MG4009"
  case scriptDoesNotLoad = "MG4101"
  case sandboxIncomplete = "MG4102"

  case whenMayBeUnknown = "MG5001"
  case addressAsText = "MG5002"
  case looseAlternation = "MG5003"
  case leadingZero = "MG5004"
  case rulesOfHiddenTool = "MG5005"
  case listComparedWhole = "MG5006"

  /// Whether the policy still loads.
  public var severity: Diagnostic.Severity {
    rawValue.hasPrefix("MG5") ? .warning : .error
  }

  /// A few words that name it.
  public var title: String { entry.title }

  /// What brings it about.
  public var cause: String { entry.cause }

  /// What to do about it.
  public var cure: String { entry.cure }

  private struct Entry {
    var title: String
    var cause: String
    var cure: String

    init(_ title: String, cause: String, cure: String) {
      self.title = title
      self.cause = cause
      self.cure = cure
    }
  }

  private var entry: Entry {
    switch self {
    case .unreadablePolicy:
      Entry(
        "The policy cannot be read",
        cause: "The file is missing, is a folder, or may not be read by this user.",
        cure: "Check the path given with `-c`, and the file's permissions.")
    case .policyTooLarge:
      Entry(
        "The policy is too large",
        cause: "The file has more than 8 MiB.",
        cure: "Split it: one policy for each server.")
    case .notUTF8:
      Entry(
        "Not UTF-8",
        cause: "The file holds bytes that are no UTF-8: another encoding, or no text at all.",
        cure: "Save it as UTF-8.")
    case .forbiddenCharacter:
      Entry(
        "A character that a policy may not hold",
        cause: "Control characters, and the line separators that YAML 1.1 and 1.2 read differently.",
        cure: "Write it as an escape in a double-quoted string, such as \"\\u2028\".")
    case .emptyPolicy:
      Entry(
        "The policy is empty",
        cause: "The file holds nothing but white space and comments.",
        cure: "Begin with `tools:`. A policy that allows everything is written `default: allow`.")
    case .tooManyMistakes:
      Entry(
        "Too many mistakes",
        cause: "The file has more mistakes than are worth showing at once.",
        cure: "Mend those that are shown and check again.")
    case .yamlSyntax:
      Entry(
        "Not YAML",
        cause: "The text breaks the rules of YAML at this place, or a little before it.",
        cure: "Look at the indentation, the quotes and the brackets around it.")
    case .tabIndentation:
      Entry(
        "A tab where YAML wants spaces",
        cause: "YAML does not allow tabs in indentation.",
        cure: "Indent with spaces.")
    case .unquotedIndicator:
      Entry(
        "A value that needs quotes",
        cause:
          "The value begins with a character that means something to YAML, such as `*`, `&`, `@`, `%` or a backtick.",
        cure: "Put it in quotes: \"*\".")
    case .duplicateKey:
      Entry(
        "A key that stands twice",
        cause: "One map holds the same key more than once; which one counts would be a guess.",
        cure: "Join the two, or remove one.")
    case .tag:
      Entry(
        "A tag",
        cause: "Tags such as `!!str` or `!env` have no meaning in a policy.",
        cure: "Remove it; quote a value that is to be a string.")
    case .mergeKey:
      Entry(
        "A merge key",
        cause: "`<<` belongs to YAML 1.1.",
        cure: "Write the keys out, or give the whole map an anchor and use an alias for all of it.")
    case .unknownAlias:
      Entry(
        "An alias without an anchor",
        cause: "No finished value before this place has an anchor of that name.",
        cure: "Define it above with `&name`. If no alias was meant, quote the value: \"*name\".")
    case .aliasExplosion:
      Entry(
        "Aliases that explode",
        cause: "Written out, the aliases make more values than a policy may have.",
        cure: "Use fewer aliases within aliases.")
    case .tooComplex:
      Entry(
        "Too many values, or nested too deep",
        cause: "A policy has at most 250,000 values, nested at most 64 deep.",
        cure: "Split the policy, or make it flatter.")
    case .secondDocument:
      Entry(
        "A second document",
        cause: "`---` or `...` ends the policy, and something follows.",
        cure: "Keep one document in a file.")
    case .directive:
      Entry(
        "A directive",
        cause: "`%TAG` has no meaning in a policy.",
        cure: "Remove the line.")
    case .keyIsNoName:
      Entry(
        "A key that is no name",
        cause: "A key is empty, or is itself a list or a map.",
        cure: "Write a name. Values that begin with `?`, `[` or `{` need quotes.")
    case .numberOutOfRange:
      Entry(
        "A number that cannot be held",
        cause:
          "`.inf` and `.nan` are no JSON numbers, and a number must be one that a double can hold, as in messages.",
        cure: "Write an ordinary number, or quote the value.")
    case .wrongKind:
      Entry(
        "A value of the wrong kind",
        cause: "Another kind of value belongs here: a list instead of a map, say.",
        cure: "Write the kind that the message names.")
    case .unknownKey:
      Entry(
        "An unknown key",
        cause: "The key is misspelt, stands at the wrong level, or belongs to another program.",
        cure: "Use the spelling that the message offers, or check the indentation.")
    case .laterVersion:
      Entry(
        "Not in this version",
        cause:
          "The language has it, this version of Moongate does not. Ignored, it would leave the policy too lax.",
        cure: "Remove it, or use a newer version.")
    case .emptySection:
      Entry(
        "An empty section",
        cause: "The key has no value: perhaps what belongs to it is not indented.",
        cure: "Indent what follows, or write `[]` or `{}` where nothing is meant.")
    case .unknownVersion:
      Entry(
        "An unknown version of the language",
        cause: "`version` is something other than \"1\".",
        cure: "Write `version: \"1\"`, or leave it out.")
    case .unknownWord:
      Entry(
        "An unknown word",
        cause: "One of a few words belongs here.",
        cure: "Use one of the words that the message names.")
    case .missingKey:
      Entry(
        "A key that is missing",
        cause: "The map is incomplete without it.",
        cure: "Add it.")
    case .duplicateRuleName:
      Entry(
        "Two rules of one name",
        cause: "Refusals and counters go by the rule's name, which is unique within its list.",
        cure: "Rename one of them.")
    case .contradiction:
      Entry(
        "Keys that contradict each other",
        cause: "Two keys of one rule cannot both be meant, such as `action: deny` with a rate limit.",
        cure: "Keep one, or make two rules of it.")
    case .checksNothing:
      Entry(
        "A rule that checks nothing",
        cause: "The rule states no check and no other action, so that it could never object.",
        cure: "Add `require`, `rate_limit` or `script`; or write `action: deny` or `action: allow`.")
    case .conditionShape:
      Entry(
        "Not a condition",
        cause: "A condition is a list, `{all: […]}`, `{any: […]}`, `{not: …}`, `{path, op, value}` or `{<path>: …}`.",
        cure: "Write one of these forms.")
    case .duplicateEntry:
      Entry(
        "An entry that stands twice",
        cause: "The list holds the same entry more than once.",
        cure: "Remove one.")
    case .conflictingEdits:
      Entry(
        "One argument, rewritten in different ways",
        cause: "Two entries of `set` or `remove` would be made in the same call, and cannot both be.",
        cure: "Keep one, or tell the calls apart with `when` and `unless`.")
    case .badName:
      Entry(
        "Not a name or a glob",
        cause: "A tool's key or an entry of `hide` is empty or a malformed glob, or a rule's name is not one line.",
        cure: "`*` is any run of characters, `?` is one, `[a-z]` a class; `\\` takes the next character literally.")
    case .badPath:
      Entry(
        "Not a path",
        cause: "A path begins at `args`, `tool`, `client`, `session`, `principal`, `server` or `meta`.",
        cure: "Write it as `args.items[0]['odd.name']`.")
    case .unknownOperator:
      Entry(
        "An unknown operator",
        cause: "No operator has that name.",
        cure: "Use the spelling that the message offers. To compare with a map, write `eq: {…}`.")
    case .badOperand:
      Entry(
        "An operand that the operator cannot use",
        cause: "The operand is of the wrong kind, or malformed: a regular expression with a syntax error, say.",
        cure: "Mend what the message says.")
    case .badReason:
      Entry(
        "A malformed reason",
        cause: "`{{` without `}}`, or something between them that is no path.",
        cure: "Write `{{args.name}}`.")
    case .badMaximum:
      Entry(
        "Not a number of calls",
        cause: "`max` is a whole number, 1 or more.",
        cure: "Write a whole number. To refuse every call, use `action: deny`.")
    case .badWindow:
      Entry(
        "Not a window of time",
        cause:
          "A window is a number of seconds; `second`, `minute`, `hour`, `day`, `week`; or like `90s`, `15m`, `6h`.",
        cure: "Write one of these.")
    case .badPartition:
      Entry(
        "Not something to count by",
        cause:
          "`per` is one or more of `session`, `client`, `principal`, `tool`, `server` and `args.<path>`, or `all`.",
        cure: "Write one of these, or a list of them.")
    case .badLimit:
      Entry(
        "Not a limit",
        cause:
          "Sizes are written `64KiB` or `8MiB`, times `50ms` or `2s`, counts as whole numbers, each within a range.",
        cure: "Write a value in the range that the message names.")
    case .missingScript:
      Entry(
        "A script that is not there",
        cause: "No file lies at the path, which begins in the folder of the policy.",
        cure: "Check the spelling of the path.")
    case .unreadableScript:
      Entry(
        "A script that cannot be read",
        cause: "The path leads to a folder or a device, the file has more than 1 MiB, or may not be read by this user.",
        cure: "Name a file of Lua text.")
    case .scriptIsNoText:
      Entry(
        "A script that is no text",
        cause: "The file holds bytes that are no UTF-8.",
        cure: "Save it as UTF-8.")
    case .scriptIsBytecode:
      Entry(
        "A script that is bytecode",
        cause: "The file is compiled Lua, which can break out of any sandbox.",
        cure: "Name the Lua source.")
    case .inlineScriptShape:
      Entry(
        "An inline script whose lines would be lost",
        cause: "Only a literal block keeps the lines of a script as they are.",
        cure: "Write `lua: |` and indent the script below it.")
    case .missingModule:
      Entry(
        "A module that is not there",
        cause: "`require(\"lib.hosts\")` names the file `lib/hosts.lua` in the script's folder, and there is none.",
        cure: "Check the spelling. Names begin in the folder of the script, wherever the module that requires lies.")
    case .badModuleName:
      Entry(
        "Not a module's name",
        cause: "A module's name is letters, digits, `_` and `-`, in parts with dots between them: no path.",
        cure: "Write `require(\"lib.hosts\")` for the file `lib/hosts.lua`. Nothing leads out of the script's folder.")
    case .moduleOutside:
      Entry(
        "A module that lies elsewhere",
        cause: "A symbolic link leads out of the script's folder.",
        cure: "Put the module itself into the folder.")
    case .moduleCycle:
      Entry(
        "Modules that require each other",
        cause: "Each waits for the other to be loaded first.",
        cure: "Move what both need into a third one, or require it inside the function that needs it.")
    case .scriptDoesNotLoad:
      Entry(
        "A script that does not load",
        cause: "The script, or a module of it, has a syntax error or fails at its top level; or there is no `check`.",
        cure: "Mend the line that the message names.")
    case .sandboxIncomplete:
      Entry(
        "A sandbox with holes",
        cause:
          "`--require-sandbox` was given, and the kernel or the container lacks layers of the validators' sandbox.",
        cure: "Use Linux 5.13 or later with Landlock and seccomp, in a container that allows both; or omit the flag.")
    case .whenMayBeUnknown:
      Entry(
        "A `when` on an argument that may be absent",
        cause: "Where the argument is absent the condition is unknown, and then the rule applies.",
        cure: "Say what an absent argument counts as: `{eq: true, default: false}`.")
    case .addressAsText:
      Entry(
        "A URL compared as text",
        cause:
          "A prefix or substring of a URL does not say which host it leads to: `https://good.example@evil.example`.",
        cure: "Use the `url` operator: `{url: {hosts: [good.example]}}`.")
    case .looseAlternation:
      Entry(
        "Anchors that hold for one alternative only",
        cause: "In `^a|b$` the `^` belongs to `a` alone and the `$` to `b` alone.",
        cure: "Group the alternatives: `^(?:a|b)$`.")
    case .leadingZero:
      Entry(
        "A number with a leading zero",
        cause: "YAML 1.2 reads `0123` as the number 123, YAML 1.1 read it as octal.",
        cure: "Quote it if it is a string; else leave the zero out.")
    case .rulesOfHiddenTool:
      Entry(
        "Rules of a hidden tool",
        cause: "`hide` refuses every call of the tool, so that its rules are never judged.",
        cure: "Remove the rules, or the entry in `hide`.")
    case .listComparedWhole:
      Entry(
        "A list compared as a whole",
        cause:
          "`{args.model: [a, b]}` holds where the argument is itself that list, not where it is one of its elements.",
        cure: "Write `{args.model: {in: [a, b]}}`; or `{eq: [a, b]}` where the whole list is meant.")
    }
  }
}
