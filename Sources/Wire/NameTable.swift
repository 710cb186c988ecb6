/// Finds two equal names among many in linear time: an open-addressing table of node indices.
///
/// Hashes are seeded (`Hasher`), so that nobody outside can choose names that collide.
struct NameTable {
  private var slots: [Slot]
  private let mask: Int

  private struct Slot {
    var hash: UInt32
    /// One more than the index; zero where the slot is free.
    var index: UInt32
  }

  /// A table for `count` names.
  init(count: Int) {
    var size = 32
    while size < count * 2 { size *= 2 }
    slots = [Slot](repeating: Slot(hash: 0, index: 0), count: size)
    mask = size - 1
  }

  static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
    return hasher.finalize()
  }

  /// Enters a name; the index of the equal one that is there already, if there is one.
  mutating func insert(_ index: Int, hash: Int, equals: (Int) -> Bool) -> Int? {
    let short = UInt32(truncatingIfNeeded: hash)
    var position = (hash >> 20) & mask
    while slots[position].index != 0 {
      let other = Int(slots[position].index) - 1
      if slots[position].hash == short, equals(other) { return other }
      position = (position + 1) & mask
    }
    slots[position] = Slot(hash: short, index: UInt32(truncatingIfNeeded: index + 1))
    return nil
  }
}
