/// The members of a message that JSON-RPC knows, found in one pass.
struct Envelope {
  let body: JSONValue
  private let places: Places
  /// The first member whose name could be taken for a known one.
  let alias: (member: JSONValue, known: Name)?
  /// The id, where it is one.
  let id: RequestID?

  /// Reads the members of an object.
  init(_ body: JSONValue) {
    let tape = body.tape
    var places = Places()
    var alias: (member: JSONValue, known: Name)?
    tape.bytes.withUnsafeBufferPointer { bytes in
      var index = body.index + 1
      for _ in 0..<body.count {
        let known = tape.withName(index, in: bytes) { name in
          places.note(index + 1, under: name) ? nil : KnownNames.envelope.mistaken(for: name)
        }
        if let known, alias == nil { alias = (JSONValue(tape: tape, index: index), known) }
        index = Int(tape.nodes[index + 1].next)
      }
    }
    self.body = body
    self.places = places
    self.alias = alias
    self.id = places.id == 0 ? nil : RequestID(JSONValue(tape: tape, index: places.id))
  }

  /// Where the known members stand in the tape; zero, where no member can stand, for those that are not there.
  private struct Places {
    var version = 0
    var id = 0
    var method = 0
    var params = 0
    var result = 0
    var failure = 0
    var isRepeated = false

    /// Keeps the place of a known member; false where the name is none.
    mutating func note(_ place: Int, under name: UnsafeBufferPointer<UInt8>) -> Bool {
      let former: Int
      switch name.count {
      case 2 where name.equals("id"): former = Places.exchange(&id, place)
      case 5 where name.equals("error"): former = Places.exchange(&failure, place)
      case 6 where name.equals("params"): former = Places.exchange(&params, place)
      case 6 where name.equals("method"): former = Places.exchange(&method, place)
      case 6 where name.equals("result"): former = Places.exchange(&result, place)
      case 7 where name.equals("jsonrpc"): former = Places.exchange(&version, place)
      default: return false
      }
      if former != 0 { isRepeated = true }
      return true
    }

    private static func exchange(_ member: inout Int, _ place: Int) -> Int {
      defer { member = place }
      return member
    }
  }

  private func value(_ place: Int) -> JSONValue? { place == 0 ? nil : JSONValue(tape: body.tape, index: place) }

  var version: JSONValue? { value(places.version) }
  var idValue: JSONValue? { value(places.id) }
  var method: JSONValue? { value(places.method) }
  var params: JSONValue? { value(places.params) }
  var result: JSONValue? { value(places.result) }
  var failure: JSONValue? { value(places.failure) }

  var hasMethod: Bool { places.method != 0 }
  var hasOutcome: Bool { places.result != 0 || places.failure != 0 }
  var hasID: Bool { places.id != 0 }
  /// Whether a known member is there twice; only in a text that was refused can it be.
  var isRepeated: Bool { places.isRepeated }

  /// What the message seems to be: an alias counts for what it could be taken for.
  private var sort: MessageError.Sort {
    if hasMethod || alias?.known == "method" { return hasID ? .request : .notification }
    if hasOutcome || alias?.known == "result" || alias?.known == "error" { return .response }
    return .unreadable
  }

  func error(_ code: Int, _ message: String) -> MessageError {
    MessageError(code: code, message: message, id: id, sort: sort)
  }
}
