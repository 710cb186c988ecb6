import Testing

@testable import PolicyFiles

@Suite("Paths as text")
struct FilePathsTests {
  @Test("folder", arguments: [("policy.yaml", ""), ("a/p.yaml", "a"), ("/p.yaml", "/"), ("/a/b/p", "/a/b"), ("", "")])
  func folder(path: String, expected: String) {
    #expect(FilePaths.folder(of: path) == expected)
  }

  @Test(
    "join",
    arguments: [
      ("", "x.lua", "x.lua"), ("a", "x.lua", "a/x.lua"), ("a/", "x.lua", "a/x.lua"), ("/", "x.lua", "/x.lua"),
      ("a", "/x.lua", "/x.lua"), ("a", "./x.lua", "a/x.lua"), ("a", ".//./x.lua", "a/x.lua"),
      ("a", "../x.lua", "a/../x.lua"), ("", "./x.lua", "x.lua"), ("a", ".x.lua", "a/.x.lua"),
    ])
  func join(folder: String, path: String, expected: String) {
    #expect(FilePaths.join(folder, path) == expected)
  }
}
