import Synchronization
import Wire

/// How a call's arguments are held against the input schema that the server lists for its tool; each is stricter than
/// the one before.
public enum ArgumentsCheck: String, Sendable, CaseIterable, Comparable {
  /// Not at all.
  case any
  /// They must fit it.
  case schema
  /// They must fit it, and be among those that it names.
  case strict

  /// Order by strictness.
  public static func < (left: ArgumentsCheck, right: ArgumentsCheck) -> Bool {
    left.strictness < right.strictness
  }

  private var strictness: Int {
    switch self {
    case .any: 0
    case .schema: 1
    case .strict: 2
    }
  }

  /// Whether there is anything to hold them against.
  var looksAtSchema: Bool { strictness > 0 }
}

/// The input schemas of tools, each compiled when it is first needed. Bounded.
///
/// What is remembered saves time and changes no verdict: a schema compiled anew would say the same.
final class InputSchemas: Sendable {
  /// How many are remembered.
  static let most = 512
  /// How much memory they may take together, in schemas.
  private static let greatestWeight = 100_000

  private struct Key: Hashable {
    let tape: ObjectIdentifier
    let start: Int
  }

  private struct Entry {
    /// Kept, so that its identity stays its own.
    let tape: JSONTape
    let schema: Result<Schema, Problem>
  }

  private struct Problem: Error {
    let text: String
  }

  private struct Memory {
    var entries: [Key: Entry] = [:]
    var weight = 0
  }

  private let memory = Mutex(Memory())

  /// What there is against the arguments of a call; nil where there is nothing.
  func objection(to call: borrowing Call, _ check: ArgumentsCheck) -> String? {
    guard let definition = call.definition else {
      return "\(call.undefined.reason), so its arguments cannot be checked"
    }
    guard let input = definition.member(InputSchemas.member) else {
      return "the server lists this tool without an input schema, so its arguments cannot be checked"
    }
    guard let arguments = call.arguments ?? InputSchemas.nothing else { return "the arguments cannot be read" }
    switch schema(input) {
    case .failure(let problem):
      return Excerpt.line("the server's schema of this tool cannot be used: \(problem.text)", limit: limit)
    case .success(let schema):
      switch schema.judge(arguments, onlyNamed: check == .strict) {
      case .valid: return nil
      case .invalid(let violations):
        let texts = violations.map { "args\($0.path) \($0.demand)" }
        return Excerpt.line(texts.joined(separator: "; "), limit: limit)
      case .stopped(let stop):
        let reason = "the arguments cannot be held against the server's schema of this tool: \(stop.reason)"
        return Excerpt.line(reason, limit: limit)
      }
    }
  }

  private var limit: Int { ReasonTemplate.limit }

  private func schema(_ input: JSONValue) -> Result<Schema, Problem> {
    let key = Key(tape: ObjectIdentifier(input.tape), start: input.range.lowerBound)
    if let known = memory.withLock({ $0.entries[key]?.schema }) { return known }
    let schema: Result<Schema, Problem>
    do throws(OperandError) {
      schema = .success(try Schema(input.tree, .lenient))
    } catch {
      schema = .failure(Problem(text: error.message))
    }
    let entry = Entry(tape: input.tape, schema: schema)
    let weight = if case .success(let schema) = schema { schema.weight } else { 1 }
    memory.withLock { memory in
      // Servers list anew now and then; what is no longer listed goes with the rest.
      if memory.entries.count >= InputSchemas.most || memory.weight + weight > InputSchemas.greatestWeight {
        memory = Memory()
      }
      if memory.entries.updateValue(entry, forKey: key) == nil { memory.weight += weight }
    }
    return schema
  }

  private static let member = Array("inputSchema".utf8)
  /// What a call without arguments has.
  private static let nothing = try? JSON.object([]).tape().root
}
