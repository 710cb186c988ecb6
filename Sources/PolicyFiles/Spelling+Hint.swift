import Policy

extension Spelling {
  /// A hint that offers the nearest word, or else lists them all where they are few.
  static func hint(for word: String, among words: some Collection<String>) -> String? {
    if let nearest = nearest(to: word, among: words) { return "did you mean \"\(nearest)\"?" }
    return words.isEmpty || words.count > 24 ? nil : "possible here: \(words.joined(separator: ", "))"
  }
}
