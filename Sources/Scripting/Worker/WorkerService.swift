import CLuaGuard

/// What a worker does with a frame: compiles, judges, forgets.
final class WorkerService {
  private var scripts: [UInt32: OpaquePointer] = [:]

  deinit {
    scripts.values.forEach(moongate_guard_unload)
  }

  /// The frame that answers this one, which is given without its length; empty where none is due, nil where this one
  /// makes no sense.
  func answer(to bytes: UnsafeRawBufferPointer) -> [UInt8]? {
    var reader = FrameReader(bytes)
    let kind = Frame.Kind(rawValue: reader.integer())
    let number: UInt64 = reader.integer()
    let script: UInt32 = reader.integer()
    switch kind {
    case .load: return load(script, number, &reader)
    case .check: return check(scripts[script], number, &reader)
    case .unload:
      guard reader.isFinished else { return nil }
      if let gone = scripts.removeValue(forKey: script) { moongate_guard_unload(gone) }
      return []
    default: return nil
    }
  }

  private func load(_ script: UInt32, _ number: UInt64, _ reader: inout FrameReader) -> [UInt8]? {
    var limits = moongate_limits(&reader)
    var source = moongate_source()
    source.first_line = reader.integer()
    source.file = moongate_text(&reader)
    source.text = moongate_text(&reader)
    var modules: [moongate_source] = []
    let moduleCount = reader.integer(UInt32.self)
    while reader.isValid, modules.count < moduleCount {
      modules.append(
        moongate_source(
          name: moongate_text(&reader), file: moongate_text(&reader), text: moongate_text(&reader), first_line: 1))
    }
    guard reader.isFinished else { return nil }
    var answer = moongate_answer()
    let loaded = moongate_guard_load(&source, modules, modules.count, &limits, &answer)
    if let loaded, let old = scripts.updateValue(loaded, forKey: script) { moongate_guard_unload(old) }
    var frame = FrameWriter(.loaded, number: number)
    frame.append(loaded != nil)
    frame.append(text: UnsafeRawBufferPointer(answer.reason))
    frame.append(text: UnsafeRawBufferPointer(answer.traceback))
    return frame.finished()
  }

  private func check(_ script: OpaquePointer?, _ number: UInt64, _ reader: inout FrameReader) -> [UInt8]? {
    var limits = moongate_limits(&reader)
    var question = moongate_question()
    question.time = reader.double()
    question.started = reader.double()
    question.tool = moongate_text(&reader)
    question.session = moongate_text(&reader)
    question.arguments = moongate_text(&reader)
    question.parameters = moongate_text(&reader)
    question.definition = moongate_text(&reader)
    question.client = moongate_text(&reader)
    question.server = moongate_text(&reader)
    question.principal = moongate_text(&reader)
    question.meta = moongate_text(&reader)
    question.calls = moongate_text(&reader)
    guard reader.isFinished else { return nil }
    var answer = moongate_answer()
    if let script {
      moongate_guard_check(script, &question, &limits, &answer)
    } else {
      answer.verdict = MOONGATE_FAULT
    }
    var frame = FrameWriter(
      .answer, number: number, capacity: 32 + answer.reason.count + answer.log.count + answer.arguments.count)
    frame.append(UInt8(answer.verdict.rawValue))
    frame.append(answer.has_reason)
    frame.append(answer.retry_after)
    frame.append(text: UnsafeRawBufferPointer(answer.reason))
    frame.append(text: UnsafeRawBufferPointer(answer.traceback))
    frame.append(text: UnsafeRawBufferPointer(answer.log))
    frame.append(text: UnsafeRawBufferPointer(answer.arguments))
    return frame.finished()
  }
}

extension moongate_limits {
  fileprivate init(_ reader: inout FrameReader) {
    self.init(
      instructions: reader.integer(), memory: reader.integer(), time: reader.integer(), depth: reader.integer(),
      answer: reader.integer())
  }
}

extension moongate_text {
  fileprivate init(_ reader: inout FrameReader) {
    let text = reader.text()
    self.init(bytes: text.baseAddress?.assumingMemoryBound(to: UInt8.self), count: text.count)
  }
}

extension UnsafeRawBufferPointer {
  fileprivate init(_ text: moongate_text) {
    self.init(start: text.bytes, count: text.count)
  }
}
