import Policy
import Wire

extension Compiler {
  /// `store:`, a URL or a map with one.
  mutating func compile(store member: Node.Member) -> StoreSetting {
    var setting = StoreSetting()
    setting.place = source.place(member.position)
    guard case .mapping = member.value.content else {
      setting.url = url(member) ?? setting.url
      return setting
    }
    for key in members(of: member, .store) ?? [] {
      switch key.name.text {
      case "url": setting.url = url(key) ?? setting.url
      default: setting.onFailure = word(key, among: StoreSetting.OnFailure.self) ?? setting.onFailure
      }
    }
    return setting
  }

  private mutating func url(_ member: Node.Member) -> StoreURL? {
    guard let text = string(member) else { return nil }
    do throws(StoreURL.Problem) {
      return try StoreURL(text).seen(from: folder)
    } catch {
      report.note(
        .badStore, at: member.value.position, "the URL in \(quoted(member.name.text)) \(error.message)",
        hint: error.hint)
      return nil
    }
  }
}
