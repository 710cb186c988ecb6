import Policy

// What a script asks of a counter, and what it is told, as frames.

extension FrameWriter {
  /// The frame with which a worker asks for a script.
  init(_ count: ScriptCount, number: UInt64) {
    self.init(.count, number: number, capacity: 40 + count.name.utf8.count)
    switch count.purpose {
    case .read:
      append(false)
      append(Int64(0))
      append(Int64(0))
    case .reserve(let amount, let max):
      append(true)
      append(Int64(amount))
      append(Int64(max))
    }
    append(count.window)
    append(count.per.rawValue)
    append(text: count.name)
  }

  /// The frame that tells the worker.
  init(_ count: OpenQuestion.Count, number: UInt64) {
    self.init(.counted, number: number, capacity: 16)
    let (what, amount): (UInt8, Int) =
      switch count {
      case .used(let used): (0, used)
      case .granted(let remaining): (1, remaining)
      case .full(let seconds): (2, seconds)
      case .unavailable: (3, 0)
      }
    append(what)
    append(Int64(amount))
  }
}

extension OpenQuestion.Count {
  /// What a frame's fields tell; nil where they tell nothing.
  init?(_ reader: inout FrameReader) {
    let what: UInt8 = reader.integer()
    let amount = Int(reader.integer(Int64.self))
    switch what {
    case 0: self = .used(amount)
    case 1: self = .granted(remaining: amount)
    case 2: self = .full(seconds: amount)
    case 3: self = .unavailable
    default: return nil
    }
    guard reader.isFinished else { return nil }
  }
}
