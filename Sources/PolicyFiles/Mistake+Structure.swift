// Keys and structure: MG2.
extension Mistake.Entry {
  static let wrongKind = Mistake.Entry(
    "A value of the wrong kind",
    cause: "Another kind of value belongs here: a list instead of a map, say.",
    cure: "Write the kind that the message names.")

  static let unknownKey = Mistake.Entry(
    "An unknown key",
    cause: "The key is misspelt, stands at the wrong level, or belongs to another program.",
    cure: "Use the spelling that the message offers, or check the indentation.")

  static let laterVersion = Mistake.Entry(
    "Not in this version",
    cause:
      "The language has it, this version of Moongate does not. Ignored, it would leave the policy too lax.",
    cure: "Remove it, or use a newer version.")

  static let emptySection = Mistake.Entry(
    "An empty section",
    cause: "The key has no value: perhaps what belongs to it is not indented.",
    cure: "Indent what follows, or write `[]` or `{}` where nothing is meant.")

  static let unknownVersion = Mistake.Entry(
    "An unknown version of the language",
    cause: "`version` is something other than \"1\".",
    cure: "Write `version: \"1\"`, or leave it out.")

  static let unknownWord = Mistake.Entry(
    "An unknown word",
    cause: "One of a few words belongs here.",
    cure: "Use one of the words that the message names.")

  static let missingKey = Mistake.Entry(
    "A key that is missing",
    cause: "The map is incomplete without it.",
    cure: "Add it.")

  static let duplicateRuleName = Mistake.Entry(
    "Two rules of one name",
    cause: "Refusals and counters go by the rule's name, which is unique within its list.",
    cure: "Rename one of them.")

  static let contradiction = Mistake.Entry(
    "Keys that contradict each other",
    cause: "Two keys of one rule cannot both be meant, such as `action: deny` with a rate limit.",
    cure: "Keep one, or make two rules of it.")

  static let checksNothing = Mistake.Entry(
    "A rule that checks nothing",
    cause: "The rule states no check and no other action, so that it could never object.",
    cure: "Add `require`, `rate_limit` or `script`; or write `action: deny` or `action: allow`.")

  static let conditionShape = Mistake.Entry(
    "Not a condition",
    cause: "A condition is a list, `{all: […]}`, `{any: […]}`, `{not: …}`, `{path, op, value}` or `{<path>: …}`.",
    cure: "Write one of these forms.")

  static let duplicateEntry = Mistake.Entry(
    "An entry that stands twice",
    cause: "The list holds the same entry more than once.",
    cure: "Remove one.")

  static let conflictingEdits = Mistake.Entry(
    "One argument, rewritten in different ways",
    cause: "Two entries of `set` or `remove` would be made in the same call, and cannot both be.",
    cure: "Keep one, or tell the calls apart with `when` and `unless`.")
}
