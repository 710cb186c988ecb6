import Policy
import Testing

@testable import PolicyFiles

@Suite("store")
struct StoreTests {
  @Test("says nothing in most policies: the standard file, and what cannot be counted is refused")
  func standard() throws {
    let policy = try load("default: allow\n").get()
    #expect(policy.store == StoreSetting())
    #expect(policy.store.url == .standardFile && policy.store.onFailure == .refuse && policy.store.place == nil)
  }

  @Test(
    "is a URL, or a map with one",
    arguments: [
      ("store: \"memory:\"", StoreURL.memory, StoreSetting.OnFailure.refuse),
      ("store: \"sqlite:\"", .standardFile, .refuse),
      ("store: sqlite:/var/counters.db", .file("/var/counters.db"), .refuse),
      ("store: { url: \"sqlite:counters.db\", on_failure: allow }", .file("policies/counters.db"), .allow),
      ("store: { url: sqlite:~/counters.db }", .file("~/counters.db"), .refuse),
      ("store: { on_failure: allow }", .standardFile, .allow),
      ("store: {}", .standardFile, .refuse),
      (
        "parameters: { p: { default: \"1@2/3\" } }\nstore: \"redis://u:${p}@h:6379/1?prefix=a:\"",
        .redis("redis://u:1@2/3@h:6379/1?prefix=a:"), .refuse
      ),
      ("store: unix:///run/redis.sock", .redis("unix:///run/redis.sock"), .refuse),
    ])
  func places(_ text: String, _ url: StoreURL, _ onFailure: StoreSetting.OnFailure) throws {
    let store = try load(text, scriptsIn: "policies").get().store
    #expect(store.url == url && store.onFailure == onFailure)
    #expect(store.place?.line == (text.hasPrefix("store") ? 1 : 2))
  }

  @Test(
    "is refused where it is none",
    arguments: [
      ("memory", "write \"memory:\""), ("memory:x", "write \"memory:\""), ("sqlite::memory:", "write \"memory:\""),
      ("counters.db", "sqlite:PATH"), ("sqlite:folder/", "FOLDER/counters.db"), ("sqlite:~", "FOLDER/counters.db"),
      ("sqlite://host/file", "without slashes"), ("redis:host", "redis://HOST:6379"),
      ("redis://user:secret@", "redis://HOST:6379"), ("rediss://:6379", "rediss://HOST:6379"),
      ("unix://run/redis", "with a path from the root"), ("redis+unix:///", "with a path from the root"),
      ("SQLITE:a", "sqlite:PATH"), ("http://secret", "sqlite:PATH"), ("sqlite:a\u{1}b", "remove it"),
      ("sqlite:" + String(repeating: "a", count: 5000), "a shorter one"), ("", "sqlite:PATH"),
    ])
  func refused(_ text: String, _ hint: String) {
    do throws(StoreURL.Problem) {
      let url = try StoreURL(text)
      Issue.record("\(text) is \(url)")
    } catch {
      #expect(error.hint.contains(hint), "\(error)")
      #expect(!"\(error)".contains("secret"))
    }
  }

  @Test("a path may have anything in it but control characters", arguments: ["a:b", "ä?b=c#", "///root", "~a/b"])
  func paths(_ path: String) throws { #expect(try StoreURL("sqlite:" + path) == .file(path)) }

  @Test(
    "only policies that count beyond sessions may need it",
    arguments: [
      ("rate_limit: 5/minute", true), ("rate_limit: { max: 5, window: minute }", false),
      ("rate_limit: { max: 5, window: minute, per: [session, tool] }", false),
      ("rate_limit: { max: 5, window: minute, per: client }", true),
      ("budget: { max: 5, window: day, cost: 1, per: all }", true), ("budget: { max: 5, window: day, cost: 1 }", false),
      ("state: { counter: c, window: day }\nrequire: [{ state.a.c: { lte: 3 } }]", true), ("action: deny", false),
      ("lua: |\n  function check() return counter.get('a', { window = 60 }) < 3 end", true),
      ("lua: |\n  function check() return true end", false),
    ])
  func need(_ rule: String, _ may: Bool) throws {
    let lines = rule.split(separator: "\n").map { "          \($0)\n" }.joined()
    let policy = try load("tools:\n  a:\n    rules:\n      -\n\(lines)").get()
    #expect(policy.mayCountBeyondSessions == may)
  }
}
