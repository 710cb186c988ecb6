import Randomness

/// What a generator decides by: random numbers, all of which are kept, or numbers that were kept before.
///
/// Whoever generates from the same numbers gets the same. So a failure is made smaller by making its numbers fewer and
/// smaller, whatever is made of them: see ``Shrinker``. A choice of 0 is the simplest one.
struct Choices {
  /// What has been decided so far.
  private(set) var taken: [Int] = []
  /// Runs of decisions that make one thing, which can be left out as a whole.
  private(set) var spans: [Range<Int>] = []

  private let given: [Int]?
  private var random: Random

  /// By random numbers.
  init(seed: UInt64) {
    given = nil
    random = Random(seed: seed)
  }

  /// By what was decided before; what is missing is 0.
  init(replaying given: [Int]) {
    self.given = given
    random = Random(seed: 0)
  }

  /// A number from 0 to below `bound`.
  mutating func below(_ bound: Int) -> Int {
    let number: Int
    if let given {
      number = taken.count < given.count ? min(given[taken.count], bound - 1) : 0
    } else {
      number = Int(random.next() % UInt64(bound))
    }
    taken.append(number)
    return number
  }

  /// True in so many of a hundred cases.
  mutating func chance(_ percent: Int) -> Bool { below(100) >= 100 - percent }

  /// One of several, of which the first is the simplest.
  mutating func one<Element>(of elements: [Element]) -> Element { elements[below(elements.count)] }

  /// Up to so many of what `make` makes.
  mutating func list<Element>(
    atLeast least: Int = 0, atMost most: Int, percent: Int = 60, _ make: (inout Choices) -> Element
  ) -> [Element] {
    var made: [Element] = []
    while made.count < most {
      let next: Element? = span { choices in
        choices.chance(percent) || made.count < least ? make(&choices) : nil
      }
      guard let next else { break }
      made.append(next)
    }
    return made
  }

  /// The same in another order.
  mutating func shuffle<Element>(_ elements: [Element]) -> [Element] {
    var shuffled = elements
    for index in shuffled.indices.dropLast() { shuffled.swapAt(index, index + below(shuffled.count - index)) }
    return shuffled
  }

  private mutating func span<Made>(_ make: (inout Choices) -> Made) -> Made {
    let start = taken.count
    let made = make(&self)
    spans.append(start..<taken.count)
    return made
  }
}
