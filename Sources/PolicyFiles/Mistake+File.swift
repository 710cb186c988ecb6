// The file and its YAML: MG1.
extension Mistake.Entry {
  static let unreadablePolicy = Mistake.Entry(
    "The policy cannot be read",
    cause: "The file is missing, is a folder, or may not be read by this user.",
    cure: "Check the path given with `-c`, and the file's permissions.")

  static let policyTooLarge = Mistake.Entry(
    "The policy is too large",
    cause: "The file, or what its parameters put into it, has more than 8 MiB.",
    cure: "Split it: one policy for each server.")

  static let notUTF8 = Mistake.Entry(
    "Not UTF-8",
    cause: "The file holds bytes that are no UTF-8: another encoding, or no text at all.",
    cure: "Save it as UTF-8.")

  static let forbiddenCharacter = Mistake.Entry(
    "A character that a policy may not hold",
    cause: "Control characters, and the line separators that YAML 1.1 and 1.2 read differently.",
    cure: "Write it as an escape in a double-quoted string, such as \"\\u2028\".")

  static let emptyPolicy = Mistake.Entry(
    "The policy is empty",
    cause: "The file holds nothing but white space and comments.",
    cure: "Begin with `tools:`. A policy that allows everything is written `default: allow`.")

  static let tooManyMistakes = Mistake.Entry(
    "Too many mistakes",
    cause: "The file has more mistakes than are worth showing at once.",
    cure: "Mend those that are shown and check again.")

  static let yamlSyntax = Mistake.Entry(
    "Not YAML",
    cause: "The text breaks the rules of YAML at this place, or a little before it.",
    cure: "Look at the indentation, the quotes and the brackets around it.")

  static let tabIndentation = Mistake.Entry(
    "A tab where YAML wants spaces",
    cause: "YAML does not allow tabs in indentation.",
    cure: "Indent with spaces.")

  static let unquotedIndicator = Mistake.Entry(
    "A value that needs quotes",
    cause:
      "The value begins with a character that means something to YAML, such as `*`, `&`, `@`, `%` or a backtick.",
    cure: "Put it in quotes: \"*\".")

  static let duplicateKey = Mistake.Entry(
    "A key that stands twice",
    cause: "One map holds the same key more than once; which one counts would be a guess.",
    cure: "Join the two, or remove one.")

  static let tag = Mistake.Entry(
    "A tag",
    cause: "Tags such as `!!str` or `!env` have no meaning in a policy.",
    cure: "Remove it; quote a value that is to be a string.")

  static let mergeKey = Mistake.Entry(
    "A merge key",
    cause: "`<<` belongs to YAML 1.1.",
    cure: "Write the keys out, or give the whole map an anchor and use an alias for all of it.")

  static let unknownAlias = Mistake.Entry(
    "An alias without an anchor",
    cause: "No finished value before this place has an anchor of that name.",
    cure: "Define it above with `&name`. If no alias was meant, quote the value: \"*name\".")

  static let aliasExplosion = Mistake.Entry(
    "Aliases that explode",
    cause: "Written out, the aliases make more values than a policy may have.",
    cure: "Use fewer aliases within aliases.")

  static let tooComplex = Mistake.Entry(
    "Too many values, or nested too deep",
    cause: "A policy has at most 2,000,000 values, nested at most 64 deep.",
    cure: "Split the policy, or make it flatter.")

  static let secondDocument = Mistake.Entry(
    "A second document",
    cause: "`---` or `...` ends the policy, and something follows.",
    cure: "Keep one document in a file.")

  static let directive = Mistake.Entry(
    "A directive",
    cause: "`%TAG` has no meaning in a policy.",
    cure: "Remove the line.")

  static let keyIsNoName = Mistake.Entry(
    "A key that is no name",
    cause: "A key is empty, or is itself a list or a map.",
    cure: "Write a name. Values that begin with `?`, `[` or `{` need quotes.")

  static let numberOutOfRange = Mistake.Entry(
    "A number that cannot be held",
    cause:
      "`.inf` and `.nan` are no JSON numbers, and a number must be one that a double can hold, as in messages.",
    cure: "Write an ordinary number, or quote the value.")
}
