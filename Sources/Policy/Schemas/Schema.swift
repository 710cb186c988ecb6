import Wire

/// A JSON Schema (2020-12), compiled: what a value must look like.
///
/// It is immutable, holds no reference beyond its own text, and fetches nothing. What a value costs is bounded: see
/// ``SchemaRun``.
final class Schema: Sendable {
  /// Every schema in it that something leads to; the first is the whole.
  let nodes: [SchemaNode]
  /// The parts with an identifier of their own: for each, its dynamic anchors.
  let dynamicAnchors: [[Name: Int]]
  /// Whether it says something about what is left over (`unevaluatedProperties`, `unevaluatedItems`).
  let tracksEvaluated: Bool
  /// How much memory it takes, in schemas: a pattern counts for many.
  let weight: Int

  /// How a schema is read.
  enum Reading {
    /// As a policy's author writes it: each keyword is one that is known and can be judged.
    case strict
    /// As a server lists it: unknown keywords and formats say nothing, and what cannot be judged here refuses only a
    /// value that comes to it.
    case lenient
  }

  /// Compiles a schema.
  ///
  /// - Throws: the first mistake in it, and where.
  init(_ json: JSON, _ reading: Reading = .strict) throws(OperandError) {
    var compiler = SchemaCompiler(try SchemaDocument(json, reading), reading)
    try compiler.compile()
    nodes = compiler.nodes
    dynamicAnchors = compiler.dynamicAnchors
    tracksEvaluated = compiler.tracksEvaluated
    weight = compiler.nodes.count + 500 * min(compiler.patternCount, SchemaPattern.most)
  }

  /// Judges a value.
  ///
  /// - Parameter onlyNamed: whether an object has to have no members but those that the schema names for it.
  func judge(_ value: JSONValue, onlyNamed: Bool = false) -> SchemaFinding {
    var run = SchemaRun(self, tracks: tracksEvaluated || onlyNamed)
    do throws(SchemaStop) {
      let seen = try run.evaluate(0, value)
      if let seen, onlyNamed, value.kind == .object {
        for (position, member) in value.members.enumerated() where !seen.named.contains(position) {
          run.object(toMember: member.name, "must not be there: the tool's schema does not name it")
        }
      }
    } catch {
      return .stopped(error)
    }
    return run.violations.isEmpty ? .valid : .invalid(run.violations)
  }
}

/// What a schema has to say about a value.
enum SchemaFinding: Sendable, Equatable {
  case valid
  /// What is wrong with it: the first things, at least one.
  case invalid([SchemaViolation])
  /// It could not be judged to its end.
  case stopped(SchemaStop)
}

/// One thing that is wrong with a value.
struct SchemaViolation: Sendable, Equatable {
  /// The way to the part at fault: `.items[2]`; empty for the value itself.
  let path: String
  /// What is demanded of it, and what it is: begins with `must`.
  let demand: String
}

/// Why a value was not judged to its end.
enum SchemaStop: Error, Equatable, Sendable {
  /// It would have taken more steps than one value may.
  case tooMuchWork
  /// Schemas lead to schemas deeper than they may, perhaps in a circle.
  case tooDeep
  /// It came to a part of the schema that cannot be judged here: what is wrong with that.
  case unjudgeable(String)
  /// A member could be taken for one that the schema names, without being it.
  case ambiguous(member: String, name: String)

  /// Completes a sentence such as "the arguments cannot be held against the schema: …".
  var reason: String {
    switch self {
    case .tooMuchWork: "that would take more than \(SchemaRun.mostSteps) steps"
    case .tooDeep: "its parts lead to one another more than \(SchemaRun.mostLevels) deep"
    case .unjudgeable(let problem): problem
    case .ambiguous(let member, let name): "\(member) can be read as \(name); write exactly \(name)"
    }
  }
}

/// One schema among those of a document.
struct SchemaNode: Sendable {
  /// The part with an identifier of its own in which it stands.
  var resource = 0
  /// What `true` and `false` say.
  var verdict: Bool?
  /// What it demands, in an order in which what is left over comes last.
  var keywords: [any SchemaKeyword] = []
}

/// What one or several keywords of a schema demand.
protocol SchemaKeyword: Sendable {
  /// Whether the value is as demanded; where it is not, tells `run` why. Notes in `seen` the members or elements that it
  /// has looked at.
  func judge(
    _ value: JSONValue, _ run: inout SchemaRun, _ seen: inout SchemaEvaluated
  ) throws(SchemaStop) -> Bool
}

/// Which members of an object, or elements of a list, a schema has looked at: by position.
struct SchemaEvaluated: Sendable {
  var isAll = false
  var some: Set<Int> = []
  /// Members that stand under `properties` or match `patternProperties`.
  var named: Set<Int> = []

  func contains(_ position: Int) -> Bool { isAll || some.contains(position) }

  mutating func merge(_ other: SchemaEvaluated) {
    isAll = isAll || other.isAll
    if !other.some.isEmpty { some.formUnion(other.some) }
    if !other.named.isEmpty { named.formUnion(other.named) }
  }
}
