/// Makes the decisions that led to a failure as few and as small as it can.
struct Shrinker {
  private var best: Choices
  private var attemptsLeft: Int
  /// Generates from these choices and tries what comes of it; tells whether it fails.
  private let fails: (inout Choices) -> Bool

  private init(_ found: Choices, _ attempts: Int, _ fails: @escaping (inout Choices) -> Bool) {
    best = found
    attemptsLeft = attempts
    self.fails = fails
  }

  /// The smallest choices found that fail too.
  static func shrink(_ found: Choices, attempts: Int, fails: @escaping (inout Choices) -> Bool) -> Choices {
    var shrinker = Shrinker(found, attempts, fails)
    while shrinker.attemptsLeft > 0 {
      let before = shrinker.best.taken
      shrinker.leaveOut()
      shrinker.makeSmaller()
      if shrinker.best.taken == before { break }
    }
    return shrinker.best
  }

  /// Takes these instead, if they fail, and what they come to is smaller.
  private mutating func take(_ numbers: [Int]) -> Bool {
    guard attemptsLeft > 0, numbers != best.taken else { return false }
    attemptsLeft -= 1
    var choices = Choices(replaying: numbers)
    guard fails(&choices), Shrinker.isSmaller(choices.taken, best.taken) else { return false }
    best = choices
    return true
  }

  private static func isSmaller(_ left: [Int], _ right: [Int]) -> Bool {
    left.count == right.count ? left.lexicographicallyPrecedes(right) : left.count < right.count
  }

  /// Leaves out whole things, the largest first, and then runs of choices.
  private mutating func leaveOut() {
    var tried: Set<Range<Int>> = []
    while let span = best.spans.filter({ !tried.contains($0) }).max(by: { $0.count < $1.count }) {
      var numbers = best.taken
      numbers.removeSubrange(span)
      if take(numbers) { tried = [] } else { tried.insert(span) }
      if attemptsLeft == 0 { return }
    }
    for length in [8, 4, 2, 1] {
      var start = best.taken.count - length
      while start >= 0 {
        var numbers = best.taken
        if start + length <= numbers.count {
          numbers.removeSubrange(start..<start + length)
          _ = take(numbers)
        }
        start -= length
      }
    }
  }

  private mutating func makeSmaller() {
    var index = 0
    while index < best.taken.count {
      for smaller in [0, best.taken[index] / 2, best.taken[index] - 1] where index < best.taken.count {
        guard smaller >= 0, smaller < best.taken[index] else { continue }
        var numbers = best.taken
        numbers[index] = smaller
        if take(numbers) { break }
      }
      index += 1
    }
  }
}
