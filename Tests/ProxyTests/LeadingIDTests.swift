import Testing
import Wire

@testable import Proxy

@Suite("Whom an answer that cannot be read was meant for")
struct LeadingIDTests {
  @Test(
    "the id stands before what cannot be read",
    arguments: [
      (#"{"jsonrpc":"2.0","id":5,"result":{"a":1,"a":2}}"#, RequestID.integer(5)),
      (#"{"id":"x,{\"","jsonrpc":"2.0","result":{"text":"xxxx"#, .string(#"x,{""#)),
      (#"{"jsonrpc":"2.0","id":-7,"result":[1,2"#, .integer(-7)),
      (#"{"jsonrpc":"2.0","id":5,"error":{"code":1.5"#, .integer(5)),
    ])
  func found(line: String, id: RequestID) {
    #expect(RequestID(leading: Array(line.utf8)) == id)
  }

  @Test(
    "where it does not, nothing is guessed",
    arguments: [
      "", "rubbish", #"{"result":{"id":5},"id":5}"#, #"{"jsonrpc":"2.0","result":{},"id":5}"#,
      #"{"id":5,"id":6,"result":{}}"#, #"{"id":1.0,"result":{}}"#, #"{"id":5"#, #"[{"id":5,"result":1}]"#,
    ])
  func notFound(line: String) {
    #expect(RequestID(leading: Array(line.utf8)) == nil)
  }
}
