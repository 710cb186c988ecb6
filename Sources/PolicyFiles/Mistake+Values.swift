// Values: MG3.
extension Mistake.Entry {
  static let badName = Mistake.Entry(
    "Not a name or a glob",
    cause:
      "A tool's key or an entry of `hide` is empty or a malformed glob, a rule's name is not one line, or a counter has none.",
    cure: "`*` is any run of characters, `?` is one, `[a-z]` a class; `\\` takes the next character literally.")

  static let unreachableResource = Mistake.Entry(
    "A resource key that no URI matches",
    cause:
      "Only URIs in their normal form are judged, and the key is not in it: `FILE:///x`, `/etc/**`, `file:///a b`, `https://example.com:443/*`.",
    cure: "Write it as the message says: scheme and host in lower case, a path, and `%20` for a space.")

  static let badPath = Mistake.Entry(
    "Not a path",
    cause: "A path begins at `args`, `tool`, `client`, `session`, `principal`, `server` or `meta`.",
    cure: "Write it as `args.items[0]['odd.name']`.")

  static let unknownOperator = Mistake.Entry(
    "An unknown operator",
    cause: "No operator has that name.",
    cure: "Use the spelling that the message offers. To compare with a map, write `eq: {…}`.")

  static let badOperand = Mistake.Entry(
    "An operand that the operator cannot use",
    cause: "The operand is of the wrong kind, or malformed: a regular expression with a syntax error, say.",
    cure: "Mend what the message says.")

  static let badReason = Mistake.Entry(
    "A malformed reason",
    cause: "`{{` without `}}`, or something between them that is no path.",
    cure: "Write `{{args.name}}`.")

  static let badMaximum = Mistake.Entry(
    "Not a number of calls",
    cause: "`max` is a whole number, 1 or more.",
    cure: "Write a whole number. To refuse every call, use `action: deny`.")

  static let badWindow = Mistake.Entry(
    "Not a window of time",
    cause:
      "A window is a number of seconds; `second`, `minute`, `hour`, `day`, `week`, `month`; or like `90s`, `15m`, `6h`.",
    cure: "Write one of these.")

  static let badPartition = Mistake.Entry(
    "Not something to count by",
    cause:
      "`per` is one or more of `session`, `client`, `principal`, `tool`, `server` and `args.<path>`, or `all`.",
    cure: "Write one of these, or a list of them.")

  static let badLimit = Mistake.Entry(
    "Not a limit",
    cause:
      "Sizes are written `64KiB` or `8MiB`, times `50ms` or `2s`, counts as whole numbers, each within a range.",
    cure: "Write a value in the range that the message names.")

  static let numberReadDifferently = Mistake.Entry(
    "A number that was another one in Intercept",
    cause:
      "In a policy of the older form, `0777`, `1_000` or `0b11` was read by YAML 1.1; YAML 1.2 reads 777, or a text.",
    cure: "Write it in plain decimal digits. Quote it if it is a text.")
}
