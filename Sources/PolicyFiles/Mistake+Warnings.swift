// Warnings: MG5, all of which load.
extension Mistake.Entry {
  static let whenMayBeUnknown = Mistake.Entry(
    "A `when` on an argument that may be absent",
    cause: "Where the argument is absent the condition is unknown, and then the rule applies.",
    cure: "Say what an absent argument counts as: `{eq: true, default: false}`.")

  static let addressAsText = Mistake.Entry(
    "A URL compared as text",
    cause:
      "A prefix or substring of a URL does not say which host it leads to: `https://good.example@evil.example`.",
    cure: "Use the `url` operator: `{url: {hosts: [good.example]}}`.")

  static let looseAnchors = Mistake.Entry(
    "Anchors that hold less than they seem to",
    cause:
      "In `^a|b$` the `^` belongs to `a` alone and the `$` to `b` alone; with `(?m)` both are those of any one line.",
    cure: "Group the alternatives, `^(?:a|b)$`, and leave the flag out.")

  static let leadingZero = Mistake.Entry(
    "A number with a leading zero",
    cause: "YAML 1.2 reads `0123` as the number 123, YAML 1.1 read it as octal.",
    cure: "Quote it if it is a string; else leave the zero out.")

  static let rulesOfHiddenTool = Mistake.Entry(
    "Rules of a hidden tool",
    cause: "`hide` refuses every call of the tool, so that its rules are never judged.",
    cure: "Remove the rules, or the entry in `hide`.")

  static let listComparedWhole = Mistake.Entry(
    "A list compared as a whole",
    cause:
      "`{args.model: [a, b]}` holds where the argument is itself that list, not where it is one of its elements.",
    cure: "Write `{args.model: {in: [a, b]}}`; or `{eq: [a, b]}` where the whole list is meant.")

  static let neverRefuses = Mistake.Entry(
    "A rule that can never refuse",
    cause: "No call satisfies its `when`, every call satisfies its `unless`, or what it requires holds for all.",
    cure: "Mend the condition: often it names another tool, or an `optional` excuses what it asks for.")

  static let exclusiveConditions = Mistake.Entry(
    "Conditions that exclude each other",
    cause: "All of them must hold, and no value satisfies two of them: `{gt: 5, lt: 3}`, say.",
    cure: "Mend one of them; or put them in a list under `any` where either is enough.")

  static let unreadCounter = Mistake.Entry(
    "A counter that nothing looks at",
    cause: "A rule counts with `state`, and no condition has a limit for what it counts.",
    cure: "Add a condition on `state.<tool>.<counter>`, or remove the counter.")

  static let incrementOfZero = Mistake.Entry(
    "An increment of zero",
    cause: "Intercept takes `increment: 0` for one that was left out, and counts 1; here it means the same.",
    cure: "Write `increment: 1`, or leave it out.")

  static let everythingRefused = Mistake.Entry(
    "Every tool denied",
    cause:
      "A rule under `\"*\"` denies without a condition, which no other rule lifts; or `default: deny` stands beside no key but `\"*\"`, which names no tool.",
    cure: "Write `default: deny`, and name the tools that may be called.")

  static let whenOffSchema = Mistake.Entry(
    "A `when` on an argument that the tool does not have",
    cause:
      "The input schema that the server lists for the tool names no such argument, so that the condition is unknown and "
      + "the rule applies to every call. Found by `check --against`.",
    cure: "Mend the spelling; or say what an absent argument counts as: `default: …`.")

  static let unknownArgument = Mistake.Entry(
    "An argument that the tool does not have",
    cause: "The input schema that the server lists for the tool names no such argument. Found by `check --against`.",
    cure: "Mend the spelling, or save the list of tools anew.")

  static let unknownTool = Mistake.Entry(
    "A tool that the server does not have",
    cause: "The server's list of its tools has no such name. Found by `check --against`.",
    cure: "Mend the spelling, or save the list of tools anew.")

  static let addressDenied = Mistake.Entry(
    "A list of addresses that are refused",
    cause:
      "`url` is an allowlist. Turned round, it refuses what it names and what is ambiguous; the same host by another port, with a user name, or under another name passes.",
    cure: "Say which hosts are allowed: `require: [{args.link: {url: {hosts: [good.example]}}}]`.")

  static let bracketsInName = Mistake.Entry(
    "Brackets or `*` in a name",
    cause:
      "In conditions of Intercept v1 a dot separates names, and everything else is part of one: `args.links[*]` is the argument `links[*]`.",
    cure: "Write it under `require`: `- args.links[*].url: {url: {…}}`.")

  static let unknownMethod = Mistake.Entry(
    "A method that may be misspelt",
    cause: "No revision of the protocol has a method of that name, and one has a name that is very like it.",
    cure: "Use the spelling that the message offers. A method of the server's own may be named as it is.")

  static let everyElementSelected = Mistake.Entry(
    "A rule that applies where every element is so",
    cause: "`[*]` in `when` holds only where all elements satisfy it; one that does not is enough to get by the rule.",
    cure: "To select calls in which any element is so, deny the opposite: `not: { \"args.roles[*]\": { neq: admin } }`."
  )

  static let renamedRule = Mistake.Entry(
    "Two rules of one name, in Intercept's form",
    cause:
      "There a name need not be unique; here refusals and counters go by it, so that the later rule gets a number.",
    cure: "Rename one of them.")

  static let impossibleBudget = Mistake.Entry(
    "A budget that no call fits into",
    cause: "One call costs more than the budget allows in its window, so that every call is refused.",
    cure: "Raise the maximum or lower the cost; to refuse every call, write `action: deny`.")
}
