import Testing
import Wire

@Suite("Era and protocol version")
struct EraTests {
  @Test("knows the released revisions, and no other", arguments: ProtocolVersion.allCases)
  func known(_ version: ProtocolVersion) {
    #expect(ProtocolVersion(Name(version.rawValue)) == version)
    #expect(version.era == (version == .july2026 ? .modern : .legacy))
    #expect(version.allowsBatches == (version.rawValue == "2025-03-26"))
  }

  @Test("does not guess", arguments: ["", "2025-11-26", "2025-11-25 ", "DRAFT-2026-v1", "zzz"] as [Name])
  func unknown(_ name: Name) {
    #expect(ProtocolVersion(name) == nil)
  }

  @Test("in the order of release")
  func order() {
    #expect(ProtocolVersion.allCases == ProtocolVersion.allCases.sorted())
  }
}
