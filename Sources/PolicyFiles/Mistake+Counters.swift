// What is counted: MG31.
extension Mistake.Entry {
  static let badAmount = Mistake.Entry(
    "Not an amount",
    cause: "An amount is a number above zero, with up to 24 digits before the point and 12 behind it.",
    cure: "Write such a number, without quotes and without a unit: `50.00`.")

  static let unknownCounter = Mistake.Entry(
    "A counter in which nothing is counted",
    cause: "A condition looks at `state.<tool>.<counter>`, and no rule of that tool counts in it.",
    cure:
      "Check the spelling (`_global` stands for `\"*\"`), or add `state: { counter: …, window: … }` to a rule of the tool."
  )

  static let duplicateCounter = Mistake.Entry(
    "A counter in which two rules count",
    cause:
      "Two rules name counters of one path, `state.<tool>.<counter>`, so that a condition could not say which it means.",
    cure: "Rename one of them.")

  static let badDuration = Mistake.Entry(
    "Not a length of time",
    cause: "A length of time is written like `30m`, `90s` or `1h30m`, or as a number of seconds.",
    cure: "Write it so.")

  static let badStore = Mistake.Entry(
    "Not a place for counts",
    cause: "`store` is `memory:`, `sqlite:`, `sqlite:PATH`, or the URL of a Redis server, and this is none of them.",
    cure: "Write one of these, in quotes where it ends with a colon.")
}
