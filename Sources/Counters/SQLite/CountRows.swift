import Policy
import Wire

/// What was taken in a count of a file.
struct FileMark: Equatable {
  let key: [UInt8]
  let amount: Amount
  let stamp: Int128
  /// When it is given back.
  let refund: Refund

  static func encode(_ marks: [FileMark]) -> [UInt8] {
    var coder = CountCoder()
    coder.append(unsigned: UInt128(marks.count))
    for mark in marks {
      for byte in mark.key { coder.append(byte) }
      coder.append(mark.amount)
      coder.append(signed: mark.stamp)
      coder.append(mark.refund.rawValue)
    }
    return coder.bytes
  }

  /// Those that can be read.
  static func decode(_ bytes: [UInt8]) -> [FileMark] {
    var reader = CountReader(bytes)
    var marks: [FileMark] = []
    for _ in 0..<Int(clamping: reader.unsigned()) {
      let key = reader.bytes(32)
      let (amount, stamp, flag) = (reader.amount(), reader.wide(), reader.byte())
      guard !reader.isDamaged, let refund = Refund(rawValue: flag) else { break }
      marks.append(FileMark(key: key, amount: amount, stamp: stamp, refund: refund))
    }
    return marks
  }
}

/// The counts that one transaction needs: each is read once, and written back if it has changed.
struct CountRows: CountSource {
  private struct Row {
    let key: [UInt8]
    let counter: String
    let isOfAll: Bool
    var count: any Count
    /// What the file says of it; nil where it has none.
    var noted: [UInt8]?
    var expires: Int64
  }

  /// Longer names are cut: they are for people.
  private static let longestName = 1000

  private let file: CounterFile
  private let scope: [UInt8]
  private var rows: [Row] = []
  /// A digest costs a microsecond, and each is needed several times.
  private var digests: [(reservation: Reservation, digest: [UInt8])] = []
  /// What went wrong: nothing may be written then.
  private(set) var failure: SQLiteError?

  /// - Parameter scope: keeps apart the counters of policies that have nothing to do with each other.
  init(_ file: CounterFile, scope: [UInt8]) {
    self.file = file
    self.scope = scope
  }

  mutating func count(for reservation: Reservation, at moment: Moment) -> (any Count)? {
    guard let position = position(of: reservation) else {
      guard failure == nil else { return nil }
      let count = reservation.freshCount(exactMaximum: SlidingWindow.exactMaximumInFile)
      let counter = String(decoding: reservation.key.counter.utf8.prefix(CountRows.longestName), as: UTF8.self)
      rows.append(
        Row(
          key: key(of: reservation), counter: counter, isOfAll: reservation.key.partition.isEmpty, count: count,
          noted: nil,
          expires: .min))
      return count
    }
    guard rows[position].count.isOf(reservation) else {
      failure = SQLiteError(code: 11, text: "a count in it is of another kind than its key")
      return nil
    }
    return rows[position].count
  }

  mutating func running(_ reservation: Reservation) -> (any Count)? {
    guard let position = position(of: reservation), rows[position].count.isOf(reservation) else { return nil }
    return rows[position].count
  }

  mutating func giveBack(_ mark: FileMark, at moment: Moment) throws(SQLiteError) {
    guard let position = position(of: mark.key) else {
      if let failure { throw failure }
      return
    }
    rows[position].count.giveBack(mark.amount, mark.stamp, at: moment)
  }

  /// What was taken, as it can be given back by anybody.
  func marks(_ marks: Marks) -> [FileMark] {
    let all =
      switch marks {
      case .one(let mark): [mark]
      case .several(let marks): marks
      }
    return all.compactMap { mark in
      rows.first { $0.count === mark.count }.map {
        FileMark(key: $0.key, amount: mark.amount, stamp: mark.stamp, refund: mark.refund)
      }
    }
  }

  /// Writes what has changed.
  func write() throws(SQLiteError) {
    if let failure { throw failure }
    for row in rows {
      let state = CountCoder.encode(row.count)
      guard state != row.noted else { continue }
      // Late, so that the place by which rows are found when they have run out is seldom changed.
      let latest = row.count.idleFrom.addingCapped(2 * CountRows.grace)
      let isNear = row.noted != nil && row.expires <= latest && row.expires >= latest.addingCapped(-CountRows.grace)
      let expires = isNear ? row.expires : row.count is Slots ? latest : max(latest, row.expires)
      if row.noted == nil {
        try file.addCount.bind(
          .bytes(row.key), .text(String(decoding: scope, as: UTF8.self)), .text(row.counter),
          .number(row.isOfAll ? 1 : 0),
          .bytes(state), .number(expires))
        try file.addCount.run()
      } else if expires == row.expires {
        try file.changeCount.bind(.bytes(state), .bytes(row.key))
        try file.changeCount.run()
      } else {
        try file.changeCountAndExpiry.bind(.bytes(state), .number(expires), .bytes(row.key))
        try file.changeCountAndExpiry.run()
      }
    }
  }

  /// Whether a count is new.
  var hasNew: Bool { rows.contains { $0.noted == nil } }

  /// Rows are kept for this to twice this longer than their counts matter: 30 s.
  private static let grace: Int64 = 30_000_000_000

  private mutating func position(of reservation: Reservation) -> Int? { position(of: key(of: reservation)) }

  private mutating func position(of key: [UInt8]) -> Int? {
    if let position = rows.firstIndex(where: { $0.key == key }) { return position }
    guard failure == nil else { return nil }
    do throws(SQLiteError) {
      try file.readCount.bind(.bytes(key))
      defer { file.readCount.reset() }
      guard try file.readCount.step() else { return nil }
      let state = file.readCount.bytes(0)
      guard let count = CountCoder.decode(state) else {
        throw SQLiteError(code: 11, text: "a count in it is unreadable")
      }
      rows.append(
        Row(key: key, counter: "", isOfAll: false, count: count, noted: state, expires: file.readCount.number(1)))
      return rows.count - 1
    } catch {
      failure = error
      return nil
    }
  }

  /// Says nothing of whom it is kept for, and is of one length for all. Each kind of window has its own, so that two
  /// policies that disagree about it do not take each other's counts away.
  private mutating func key(of reservation: Reservation) -> [UInt8] {
    if let known = digests.first(where: { $0.reservation.isInOneCount(with: reservation) }) { return known.digest }
    var kind = CountCoder()
    kind.append(reservation.algorithm)
    kind.append(signed: reservation.window)
    var digest = SHA256()
    for part in [scope, Array(reservation.key.counter.utf8), reservation.key.partition, kind.bytes] {
      digest.update(withUnsafeBytes(of: UInt32(truncatingIfNeeded: part.count).littleEndian) { Array($0) })
      digest.update(part)
    }
    let bytes = digest.bytes()
    digests.append((reservation, bytes))
    return bytes
  }
}

extension Reservation {
  fileprivate func isInOneCount(with other: Reservation) -> Bool {
    key == other.key && window == other.window && algorithm == other.algorithm
  }
}
