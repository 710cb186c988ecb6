import Testing

@testable import PolicyFiles

@Suite("Conditions, in every form")
struct ConditionTests {
  @Test(
    "what a rule lets pass",
    arguments: [
      ("require: { args.a: 1 }", #"{"a":1}"#, true),
      ("require: { args.a: 1 }", #"{"a":2}"#, false),
      ("require: { args.a: 1 }", "{}", false),
      ("require: { args.a: 1, args.b: 2 }", #"{"a":1,"b":2}"#, true),
      ("require: { args.a: 1, args.b: 2 }", #"{"a":1,"b":3}"#, false),
      ("require: [{ args.a: 1 }, { args.b: 2 }]", #"{"a":1,"b":3}"#, false),
      ("require: { args.a: { gt: 1, lt: 5 } }", #"{"a":3}"#, true),
      ("require: { args.a: { gt: 1, lt: 5 } }", #"{"a":5}"#, false),
      ("require: { all: [{ args.a: 1 }, { args.b: 2 }] }", #"{"a":1,"b":2}"#, true),
      ("require: { all: [{ args.a: 1 }, { args.b: 2 }] }", #"{"a":1}"#, false),
      ("require: { any: [{ args.a: 1 }, { args.b: 2 }] }", #"{"b":2}"#, true),
      ("require: { any: [{ args.a: 1 }, { args.b: 2 }] }", #"{"a":2,"b":3}"#, false),
      ("require: { not: { args.a: 1 } }", #"{"a":2}"#, true),
      ("require: { not: { args.a: 1 } }", #"{"a":1}"#, false),
      ("require: { not: [{ args.a: 1 }, { args.b: 1 }] }", #"{"a":1,"b":2}"#, true),
      ("require: { any: [{ args.a: 1 }], args.b: 2 }", #"{"a":1,"b":2}"#, true),
      ("require: { any: [{ args.a: 1 }], args.b: 2 }", #"{"a":1}"#, false),
      ("require: { path: args.a, op: gte, value: 2, optional: true }", "{}", true),
      ("require: { path: args.a, op: gte, value: 2, default: 3 }", "{}", true),
      ("require: { path: args.a, op: gte, value: 2, default: 1 }", "{}", false),
      ("require: { args.a: { eq: { x: [1, 2.50] } } }", #"{"a":{"x":[1.0,2.5]}}"#, true),
      ("require: { args.a: null }", #"{"a":null}"#, true),
      ("require: { args.a: { eq: 1, optional: true } }", #"{"a":null}"#, true),
      ("require: { args.a: { eq: x, optional: true } }", #"{"a":""}"#, false),
      ("require: { args.a: { eq: x, optional: blank } }", #"{"a":""}"#, true),
      ("require: { args.a: { eq: x, optional: false } }", "{}", false),
      ("require: { args.a: { eq: { b: 1 }, default: { b: 1.0 } } }", "{}", true),
      ("require: { \"args['odd.name'][1]\": 5 }", #"{"odd.name":[0,5]}"#, true),
      ("require: { args.size: { eq: on } }", #"{"size":"on"}"#, true),
      ("require: { args.n: 123456789012345678901234567890.5 }", #"{"n":123456789012345678901234567890.5}"#, true),
      ("require: { args.n: 123456789012345678901234567890.5 }", #"{"n":123456789012345678901234567890.4}"#, false),
      ("{ action: deny, when: { args.a: 1 } }", #"{"a":1}"#, false),
      ("{ action: deny, when: { args.a: 1 } }", #"{"a":2}"#, true),
      ("{ action: deny, when: { args.a: 1 } }", "{}", false),
      ("{ action: deny, when: { args.a: { eq: 1, default: 0 } } }", "{}", true),
      ("{ action: deny, unless: { args.a: 1 } }", #"{"a":1}"#, true),
      ("{ action: deny, unless: { args.a: 1 } }", "{}", false),
      ("{ conditions: [{ path: args.a, op: eq, value: 1 }] }", #"{"a":1}"#, true),
    ])
  func verdicts(rule: String, arguments: String, passes: Bool) throws {
    #expect(try Judge.passes(rule, arguments) == passes)
  }
}
