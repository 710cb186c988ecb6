/// Guesses what a misspelt word was meant to be.
public enum Spelling {
  /// The word among those given that takes the fewest changes (a letter added, lost, replaced, or two swapped), if
  /// that is at most a third of its length and a bit; the first in order where several are as near.
  public static func nearest(to word: String, among words: some Sequence<String>) -> String? {
    let word = Array(word.utf8.prefix(64))
    var best: (word: String, distance: Int)?
    for candidate in words {
      let distance = distance(word, Array(candidate.utf8))
      if distance <= max(word.count, candidate.utf8.count) / 3 + 1, distance < candidate.utf8.count,
        distance < best?.distance ?? .max
      {
        best = (candidate, distance)
      }
    }
    return best?.word
  }

  /// A hint that offers the nearest word, or else lists them all where they are few.
  public static func hint(for word: String, among words: some Collection<String>) -> String? {
    if let nearest = nearest(to: word, among: words) { return "did you mean \"\(nearest)\"?" }
    return words.isEmpty || words.count > 24 ? nil : "possible here: \(words.joined(separator: ", "))"
  }

  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for row in left.indices {
      var current = [row + 1] + [Int](repeating: 0, count: right.count)
      for column in right.indices {
        let same = left[row] == right[column]
        var least = min(last[column] + (same ? 0 : 1), last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          least = min(least, beforeLast[column - 1] + 1)
        }
        current[column + 1] = least
      }
      (beforeLast, last) = (last, current)
    }
    return last[right.count]
  }
}
