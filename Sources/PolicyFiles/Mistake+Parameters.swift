// Mistakes about parameters and their values: of MG3, and the warning of MG5.
extension Mistake.Entry {
  static let badParameterName = Mistake.Entry(
    "Not a parameter's name",
    cause: "A name is letters, digits, `_` and `-`, with a letter or `_` first; nothing else stands in `${…}`.",
    cure: "Write such a name. For the characters themselves write `$${…}`.")

  static let badParameterSchema = Mistake.Entry(
    "Not the schema of a parameter",
    cause: "What describes a parameter is a JSON Schema, and this is none: a keyword is misspelt, say.",
    cure: "Mend what the message says, as in `{ type: array, items: { type: string }, default: [] }`.")

  static let unfitParameterValue = Mistake.Entry(
    "A value that does not fit its parameter",
    cause: "The default, or the value that was given, is not what the parameter's schema demands.",
    cure: "Give another value, or mend the schema.")

  static let missingParameterValue = Mistake.Entry(
    "A parameter without a value",
    cause: "No value was given for it, and it has no `default`.",
    cure: "Give one: `--with name=value`. Or write a `default`.")

  static let unknownParameter = Mistake.Entry(
    "An unknown parameter",
    cause: "`${name}` or `--with name=…` names a parameter that the policy does not define.",
    cure: "Use the spelling that the message offers, or define it. For the characters themselves write `$${name}`.")

  static let valueWithinText = Mistake.Entry(
    "A value that has no place within a text",
    cause: "`${name}` stands within a longer text or in a key, and its value is a list, a map or null.",
    cure: "Let `${name}` be the whole value, or use a parameter that is a string, a number or a boolean.")

  static let parameterWithinParameters = Mistake.Entry(
    "A parameter that refers to another",
    cause: "`${name}` stands under `parameters`.",
    cure: "Write the value itself. For the characters themselves write `$${name}`.")

  static let unusedParameter = Mistake.Entry(
    "A parameter that nothing refers to",
    cause: "The policy defines it, and has its `${name}` nowhere. The text of a script does not count.",
    cure: "Refer to it, or remove it.")
}
