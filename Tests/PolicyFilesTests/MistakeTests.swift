import Testing

@testable import PolicyFiles

@Suite("The catalogue of mistakes")
struct MistakeTests {
  @Test("each row has a code of its own, a title, a cause and a cure", arguments: Mistake.allCases)
  func rows(mistake: Mistake) {
    #expect(mistake.rawValue.wholeMatch(of: #/MG[1-5][0-9]{3}/#) != nil)
    #expect(Mistake.allCases.filter { $0.title == mistake.title }.count == 1)
    #expect(!mistake.title.hasSuffix("."))
    #expect(mistake.cause.hasSuffix("."))
    #expect(mistake.cure.hasSuffix("."))
  }

  @Test("the codes stand in order")
  func order() {
    let codes = Mistake.allCases.map(\.rawValue)
    #expect(codes == codes.sorted())
  }
}
