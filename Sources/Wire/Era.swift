/// Which of the protocol's two designs a peer speaks.
public enum Era: String, Sendable, CaseIterable {
  /// 2024-11-05 to 2025-11-25: a session that `initialize` opens.
  case legacy
  /// From 2026-07-28: every request carries its version, client and capabilities in `_meta`.
  case modern
}

/// A revision of the Model Context Protocol that has been released.
public enum ProtocolVersion: String, Sendable, CaseIterable, Comparable {
  case november2024 = "2024-11-05"
  case march2025 = "2025-03-26"
  case june2025 = "2025-06-18"
  case november2025 = "2025-11-25"
  case july2026 = "2026-07-28"

  /// The revision of that name; nil for one that is not known.
  public init?(_ name: Name) {
    guard let version = ProtocolVersion.allCases.first(where: { Name($0.rawValue) == name }) else { return nil }
    self = version
  }

  /// The design it belongs to.
  public var era: Era { self < .july2026 ? .legacy : .modern }

  /// Whether several messages may come as one array: in one revision only.
  public var allowsBatches: Bool { self == .march2025 }

  /// Order of release.
  public static func < (left: ProtocolVersion, right: ProtocolVersion) -> Bool {
    left.rawValue < right.rawValue
  }
}
