import Policy
import Wire

/// What `methods:` has to say of messages that no rules judge.
extension Session {
  /// Why a message of that method is not passed on; nil if it is. Both are logged where the policy objects.
  ///
  /// - Parameter whose: whose message it is, for the log.
  mutating func objection(to method: Name, of whose: String) -> Refusal? {
    guard let refusal = policy.rules.objection(to: method) else { return nil }
    if policy.rules.mode == .observe {
      log(.notice, "observed", "would refuse \(whose) \(method): \(refusal.rule): \(refusal.reason)")
      return nil
    }
    log(.notice, "refused", "refused \(whose) \(method): \(refusal.rule): \(refusal.reason)")
    return refusal
  }

  /// The answer to a request that is not passed on.
  mutating func refusal(_ refusal: Refusal, of id: RequestID, era: Era) -> [UInt8] {
    decisions += 1
    return Reply.refusal(
      id: id, subject: nil, rule: refusal.rule, reason: refusal.reason, decisionID: decisionPrefix + String(decisions),
      era: era)
  }
}
