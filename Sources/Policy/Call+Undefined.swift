import Wire

extension Call.Undefined {
  /// What the agent is told, to be followed by what comes of it.
  var reason: String {
    switch self {
    case .notSeen: "the server's definition of this tool is not known"
    case .notOpen: "the server cannot be asked for this tool's definition before the session is open"
    case .notListed: "the server does not list this tool"
    case .refused: "the server has answered with an error when it was asked for its tools"
    case .unanswered: "the server has not answered in time when it was asked for its tools"
    case .unreadable: "the server's list of its tools cannot be read"
    case .beyondBounds: "the server lists more tools than are remembered, and not this one among them"
    case .ended: "the server has ended before it could be asked for this tool's definition"
    }
  }
}
