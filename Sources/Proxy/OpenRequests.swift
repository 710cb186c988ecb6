import Policy
import Wire

/// The client's requests that have no answer yet, by id. Bounded.
struct OpenRequests {
  /// What is known of a request until it is answered.
  struct Request {
    /// What has become of it.
    enum State {
      /// It is being judged, or waits for its turn.
      case waiting
      /// The server has it.
      case forwarded
      /// The server has it, and the client no longer waits for the answer, which may come all the same.
      case abandoned
      /// The server has it, and the client has been told that it does not answer: a late answer goes nowhere.
      case givenUp
    }

    /// What the answer will be about.
    enum Purpose {
      case call
      case toolList(isFirstPage: Bool)
      case opening
      case other
      /// Stays open for as long as the client listens, so it does not time out.
      case subscription

      init(of message: Message) {
        switch message.knownMethod {
        case .listTools: self = .toolList(isFirstPage: message.params?["cursor"] == nil)
        case .initialize, .discover: self = .opening
        case .listen: self = .subscription
        default: self = .other
        }
      }

      var isSubscription: Bool {
        if case .subscription = self { true } else { false }
      }
    }

    let purpose: Purpose
    let era: Era
    /// What it is judged by.
    let policy: PolicyInForce
    var state = State.waiting
    /// When the server got it, on the monotonic clock.
    var forwarded: Int64 = 0
    var reservation: HeldReservations?
  }

  /// How many requests nobody waits for are remembered, so that their late answers are not taken for another's.
  static let abandonedLimit = 1024

  private var requests: [RequestID: Request] = [:]
  private var abandoned: [RequestID] = []
  /// How many the server has to answer.
  private(set) var forwardedCount = 0
  /// Whether the answers of requests can be told apart with certainty: not once one that nobody waited for was
  /// forgotten, because the client may use its id again.
  private(set) var isCertain = true

  var isEmpty: Bool { requests.isEmpty }

  /// Whether an answer is due to the client.
  var areAnswersDue: Bool { requests.count > abandoned.count }

  subscript(id: RequestID) -> Request? { requests[id] }

  /// Whether the id is in use.
  func contains(_ id: RequestID) -> Bool { requests[id] != nil }

  /// A request waits to be forwarded.
  mutating func open(_ id: RequestID, _ request: Request) {
    requests[id] = request
  }

  /// The server gets a request that has not waited.
  mutating func openForwarded(
    _ id: RequestID, _ request: consuming Request, at moment: Moment, reservation: HeldReservations?
  ) {
    request.state = .forwarded
    request.forwarded = moment.monotonic
    request.reservation = reservation
    requests[id] = request
    forwardedCount += 1
  }

  /// The server gets a request. Returns what it was judged by; nil, and nothing is to be sent, where it is not one that
  /// waits: its answer could not be told from another's.
  mutating func forward(_ id: RequestID, at moment: Moment, reservation: HeldReservations?) -> PolicyInForce? {
    guard let index = requests.index(forKey: id), requests.values[index].state == .waiting else { return nil }
    requests.values[index].state = .forwarded
    requests.values[index].forwarded = moment.monotonic
    requests.values[index].reservation = reservation
    forwardedCount += 1
    return requests.values[index].policy
  }

  /// Nobody waits for the answer any more. Returns a request that had to be forgotten for it.
  mutating func abandon(_ id: RequestID, as state: Request.State = .abandoned) -> Request? {
    guard requests[id]?.state == .forwarded else { return nil }
    requests[id]?.state = state
    forwardedCount -= 1
    abandoned.append(id)
    guard abandoned.count > OpenRequests.abandonedLimit else { return nil }
    isCertain = false
    return requests.removeValue(forKey: abandoned.removeFirst())
  }

  /// Takes a request out that the server has: it is answered.
  mutating func closeForwarded(_ id: RequestID) -> Request? {
    guard let index = requests.index(forKey: id), requests.values[index].state != .waiting else { return nil }
    let request = requests.remove(at: index).value
    settle(id, request.state)
    return request
  }

  /// Takes a request out: it is answered.
  mutating func close(_ id: RequestID) -> Request? {
    guard let request = requests.removeValue(forKey: id) else { return nil }
    settle(id, request.state)
    return request
  }

  private mutating func settle(_ id: RequestID, _ state: Request.State) {
    switch state {
    case .forwarded: forwardedCount -= 1
    case .abandoned, .givenUp: abandoned.removeAll { $0 == id }
    case .waiting: break
    }
  }

  /// The requests that the server has had since before `moment` and that the client still waits for.
  func overdue(since moment: Int64) -> [RequestID] {
    requests.filter { $0.value.state == .forwarded && !$0.value.purpose.isSubscription && $0.value.forwarded <= moment }
      .map(\.key)
  }

  /// Takes what is held for requests that nobody waits for and that the server has had since before `moment`. They stay
  /// known, for their late answers.
  mutating func expired(since moment: Int64) -> [(reservation: HeldReservations, policy: PolicyInForce)] {
    abandoned.compactMap { id in
      guard let request = requests[id], request.forwarded <= moment, let reservation = request.reservation else {
        return nil
      }
      requests[id]?.reservation = nil
      return (reservation, request.policy)
    }
  }

  /// The requests that the server has and the client waits for.
  var due: [RequestID] { requests.filter { $0.value.state == .forwarded }.map(\.key) }
}
