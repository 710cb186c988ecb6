import Policy
import Wire

extension FrameWriter {
  /// The frame that asks a worker to judge a call. JSON goes as it stands in the messages: the worker reads it.
  init(_ question: ScriptQuestion, script: UInt32, number: UInt64) {
    let call = question.call
    let context = call.context
    self.init(
      .check, number: number,
      capacity: 256 + (call.arguments?.source.count ?? 0) + (call.definition?.source.count ?? 0)
        + question.reference.encodedParameters.count)
    append(script)
    append(question.limits, answer: question.longestArguments)
    append(question.moment.seconds)
    append(context.started)
    append(text: call.name.text)
    append(text: context.session)
    append(json: call.arguments)
    append(text: question.reference.encodedParameters)
    append(json: call.definition)
    append(json: context.client)
    append(json: context.server)
    append(json: context.principal)
    append(json: call.meta)
    append(calls: context.calls)
  }

  /// The frame that has a worker compile a script.
  init(_ source: ScriptSource, script: UInt32, limits: Limits, number: UInt64) {
    self.init(
      .load, number: number, capacity: source.modules.reduce(128 + source.text.count) { $0 + 300 + $1.text.count })
    append(script)
    append(limits, answer: 0)
    append(Int32(clamping: source.firstLine))
    append(text: source.chunkName)
    append(text: source.text)
    append(UInt32(source.modules.count))
    for module in source.modules {
      append(text: module.name)
      append(text: module.chunkName)
      append(text: module.text)
    }
  }

  private mutating func append(_ limits: Limits, answer: Int) {
    append(Int64(limits.scriptInstructions))
    append(Int64(limits.scriptMemory))
    append(limits.scriptTime)
    append(Int32(clamping: limits.scriptDepth))
    append(Int64(answer))
  }

  private mutating func append(json value: JSONValue?) {
    if let value {
      append(text: value.source)
    } else {
      append(UInt32(0))
    }
  }

  private mutating func append(calls: [Name: Int]) {
    append(UInt32(calls.reduce(0) { $0 + 12 + $1.key.text.utf8.count }))
    for (name, count) in calls {
      append(text: name.text)
      append(UInt64(clamping: count))
    }
  }
}
