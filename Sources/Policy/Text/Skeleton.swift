/// What a text looks like: two texts that a reader may take for each other have one skeleton (UTS #39, section 4, by the
/// data of Unicode 15.0).
package enum Skeleton {
  /// The skeleton of a text; nil where it has more than ``NormalizationForm/longest`` characters on the way.
  ///
  /// The text is decomposed, characters that nobody sees are left out, each other one becomes what stands for all that
  /// look like it, and the outcome is decomposed again.
  package static func of(_ text: String) -> String? {
    guard let points = NormalizationForm.nfd.decomposed(text.unicodeScalars.lazy.map(\.value)) else { return nil }
    var output: [UInt32] = []
    for point in points {
      guard let scalar = Unicode.Scalar(point), !scalar.properties.isDefaultIgnorableCodePoint else { continue }
      if let entry = CharacterTable.confusables[point] {
        output.append(contentsOf: entry.characters)
      } else {
        output.append(point)
      }
      guard output.count <= NormalizationForm.longest else { return nil }
    }
    return NormalizationForm.nfd.decomposed(output).map { String(points: $0) }
  }
}
