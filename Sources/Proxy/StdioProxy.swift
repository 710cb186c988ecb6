import Glibc
public import NIOCore
import NIOPosix
import Policy
import Wire

/// The proxy between a client on our standard input and output and a server that runs as our child.
///
/// Performs what its ``Session`` says, moves bytes, and brings both ends to an orderly close. It lives on one event
/// loop; nothing of it may be touched elsewhere.
public final class StdioProxy {
  /// How a proxy is run.
  public struct Configuration: Sendable {
    /// The server's program and arguments.
    public var command: [String]
    /// How long the server may take to end by itself once its input is closed, and again after SIGTERM.
    public var grace: TimeAmount
    /// How long a request may stay unanswered.
    public var answerTimeout: TimeAmount

    /// A configuration with the default times.
    public init(command: [String], grace: TimeAmount = .seconds(5), answerTimeout: TimeAmount = .hours(1)) {
      self.command = command
      self.grace = grace
      self.answerTimeout = answerTimeout
    }
  }

  private let loop: any EventLoop
  private let configuration: Configuration
  private let log: (LogEntry) -> Void
  private var ended: EventLoopPromise<Int32>?
  private var session: Session
  private var thinner = LogThinner()

  private let child: ChildProcess
  private var clientInput: LineInput?
  private var serverInput: LineInput?
  private var toClient: LineOutput?
  private var toServer: LineOutput?
  private var outputPump: Pump?
  private var serverOutputChannel: (any Channel)?

  private var isPerforming = false
  private var arrival: Moment?
  private var clientHasEnded = false
  private var serverInputIsClosed = false
  private var serverOutputHasEnded = false
  private var serverRest = 0
  private var isServerEndTold = false
  private var ending: ChildProcess.Ending?
  private var isFinishing = false
  private var isTerminating = false
  private var graceTimer: Scheduled<Void>?
  private var itself: NIOLoopBound<Weak>?

  private final class Weak {
    weak var proxy: StdioProxy?
    init(_ proxy: StdioProxy) { self.proxy = proxy }
  }

  /// Starts the server.
  ///
  /// - Parameters:
  ///   - logLevel: what is worth telling people.
  ///   - log: called on the loop for each such thing.
  /// - Throws: that the server cannot be started.
  public init(
    _ configuration: Configuration, policy: PolicyInForce, session id: String, on loop: any EventLoop,
    logLevel: LogEntry.Level, log: @escaping (LogEntry) -> Void
  ) throws(SystemError) {
    loop.preconditionInEventLoop()
    self.loop = loop
    self.configuration = configuration
    self.log = log
    session = Session(
      policy: policy, id: id, at: .now(), answerTimeout: configuration.answerTimeout.nanoseconds,
      logLevel: logLevel)
    child = try ChildProcess(command: configuration.command)
    itself = NIOLoopBound(Weak(self), eventLoop: loop)
  }

  /// Connects both sides and begins to pass messages.
  ///
  /// - Returns: the exit status, once everything has ended: the server's own.
  public func run() throws(SystemError) -> EventLoopFuture<Int32> {
    let input = try InheritedDescriptor(STDIN_FILENO, .reading)
    let output = try InheritedDescriptor(STDOUT_FILENO, .writing)
    outputPump = output.pump
    let ended = loop.makePromise(of: Int32.self)
    self.ended = ended
    let limit = session.messageLimit
    let clientLines = LineInput(limit: limit) { [unowned self] in receive(fromClient: $0) }
    let serverLines = LineInput(limit: limit) { [unowned self] in receive(fromServer: $0) }
    clientInput = clientLines
    serverInput = serverLines
    let channels = [
      reader(input.descriptor, clientLines), reader(child.output, serverLines), writer(output.descriptor),
      writer(child.input),
    ]
    let itself = itself
    EventLoopFuture.whenAllSucceed(channels, on: loop).whenComplete { result in
      itself?.value.proxy?.connected(result)
    }
    return ended.futureResult
  }

  /// Another policy is in force for the calls that arrive from now on.
  public func adopt(_ policy: PolicyInForce) {
    loop.preconditionInEventLoop()
    session.adopt(policy)
    clientInput?.limit = session.messageLimit
    serverInput?.limit = session.messageLimit
    perform()
  }

  /// Tells people of something beside the session, as much of it as of what the session tells.
  public func note(_ entry: LogEntry) {
    loop.preconditionInEventLoop()
    if entry.level >= session.logLevel { perform(.log(entry), nil, nil) }
  }

  /// A signal that asks us to end (SIGTERM, SIGINT) goes to the server; asked twice, it is killed.
  private func terminate(by signal: Int32) {
    child.signal(isTerminating ? SIGKILL : signal)
    // What holds the dead server's output open is not waited for any longer.
    if ending != nil { serverOutputChannel?.close(promise: nil) }
    guard !isTerminating, ending == nil else { return }
    isTerminating = true
    graceTimer?.cancel()
    after(configuration.grace) { $0.child.signal(SIGKILL) }
  }

  private func childChanged() {
    guard ending == nil, let ending = child.ending() else { return }
    self.ending = ending
    graceTimer?.cancel()
    if serverOutputHasEnded {
      serverEnded()
    } else {
      // Something that it started may hold its output open: nobody is to wait for that.
      after(.seconds(1)) { $0.serverOutputChannel?.close(promise: nil) }
    }
  }

  /// Time has passed: about once a second.
  public func tick() {
    loop.preconditionInEventLoop()
    session.timer(at: .now())
    perform()
    childChanged()
    step()
  }

  /// From now on the process's signals are ours: SIGTERM and SIGINT end the server, SIGHUP calls `reload`.
  public func handleSignals(reload: @escaping () -> Void) throws(SystemError) {
    _ = try SignalPipe.open([SIGTERM, SIGINT, SIGHUP, SIGCHLD], on: loop) { [unowned self] signal in
      switch signal {
      case SIGHUP: reload()
      case SIGCHLD: childChanged()
      default: terminate(by: signal)
      }
    }
    // It may have ended before anybody listened.
    childChanged()
  }

  // MARK: Connecting

  private func reader(_ descriptor: CInt, _ lines: LineInput) -> EventLoopFuture<any Channel> {
    let lines = NIOLoopBound(lines, eventLoop: loop)
    return NIOPipeBootstrap(group: loop)
      .channelOption(
        .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 4096, initial: 65536, maximum: 1 << 20)
      )
      .channelOption(.maxMessagesPerRead, value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(lines.value) }
      }
      .takingOwnershipOfDescriptor(input: descriptor)
  }

  private func writer(_ descriptor: CInt) -> EventLoopFuture<any Channel> {
    NIOPipeBootstrap(group: loop)
      .channelOption(.writeBufferWaterMark, value: .init(low: 256 << 10, high: 1 << 20))
      .takingOwnershipOfDescriptor(output: descriptor)
  }

  private func connected(_ result: Result<[any Channel], any Error>) {
    do {
      let channels = try result.get()
      serverOutputChannel = channels[1]
      toClient = try output(on: channels[2])
      toServer = try output(on: channels[3])
      updateReading()
    } catch {
      log(LogEntry(.warning, "start", "cannot connect the client and the server: \(error)"))
      child.signal(SIGKILL)
      ended?.succeed(1)
    }
  }

  private func output(on channel: any Channel) throws -> LineOutput {
    let output = LineOutput(channel: channel) { [unowned self] in
      updateReading()
      step()
    }
    try channel.pipeline.syncOperations.addHandler(output)
    return output
  }

  // MARK: Bytes in

  private func receive(fromClient event: LineInput.Event) {
    switch event {
    case .framed(.line(let line)): session.receive(fromClient: line, at: now())
    case .framed(.tooLong): session.receiveOverlongLineFromClient()
    case .pause: perform()
    case .end(let rest):
      session.clientEnded(rest: rest)
      clientHasEnded = true
      perform()
      step()
    }
  }

  private func receive(fromServer event: LineInput.Event) {
    switch event {
    case .framed(.line(let line)): session.receive(fromServer: line, at: now())
    case .framed(.tooLong(let beginning)): session.receiveOverlongLine(fromServer: beginning, at: now())
    case .pause:
      perform()
      if clientHasEnded { step() }
    case .end(let rest):
      serverOutputHasEnded = true
      serverRest = rest
      if ending == nil { childChanged() }
      if ending == nil {
        // A server that ends closes its output a moment before its status is known.
        after(.milliseconds(200)) { $0.serverEnded() }
      } else {
        serverEnded()
      }
    }
  }

  /// What time it is: one reading for all that came in together.
  private func now() -> Moment {
    if let arrival { return arrival }
    let now = Moment.now()
    arrival = now
    return now
  }

  /// Reads each side only as fast as the other takes what follows from it.
  private func updateReading() {
    guard let toClient, let toServer else { return }
    clientInput?.setHeld(!(session.wantsClientInput && toServer.isWritable && toClient.isWritable))
    serverInput?.setHeld(!(toClient.isWritable && toServer.isWritable))
  }

  // MARK: Actions

  /// Does what is to be done, in order, and writes what came of it. Answers that come at once add to it.
  private func perform() {
    guard !isPerforming else { return }
    isPerforming = true
    let toServer = toServer
    let toClient = toClient
    var actions = session.takeActions()
    while !actions.isEmpty {
      for action in actions { perform(action, toServer, toClient) }
      actions = session.takeActions()
    }
    isPerforming = false
    arrival = nil
    toServer?.flush()
    toClient?.flush()
    updateReading()
  }

  private func perform(_ action: Session.Action, _ toServer: LineOutput?, _ toClient: LineOutput?) {
    switch action {
    case .toServer(let line): toServer?.append(line)
    case .toClient(let line): toClient?.append(line)
    case .ask(let ticket, let number, let question, let policy):
      policy.validators.check(
        question, counters: policy.counters,
        then: answering { $0.answer($1, question: number, of: ticket, under: policy, at: .now()) })
    case .reserve(let ticket, let claim, let policy, let moment):
      if let answer = policy.counters.reserveAtOnce(claim, at: moment) {
        session.answer(answer, ofStoreFor: ticket, at: moment)
      } else {
        policy.counters.reserve(
          claim, at: moment, then: answering { $0.answer($1, ofStoreFor: ticket, at: .now()) })
      }
    case .forwarded(let held, let policy, let moment): policy.counters.forwarded(held, at: moment)
    case .end(let held, let outcome, let policy, let moment): policy.counters.end(held, as: outcome, at: moment)
    case .log(let entry): thinner.lines(for: entry, at: Moment.now().monotonic).forEach(log)
    }
  }

  /// What takes an answer, at once or later, on any thread, to the session.
  private func answering<Answer: Sendable>(
    _ event: @escaping @Sendable (inout Session, Answer) -> Void
  ) -> @Sendable (Answer) -> Void {
    let loop = loop
    let itself = itself
    return { answer in
      if loop.inEventLoop {
        itself?.value.proxy?.answered { event(&$0, answer) }
      } else {
        loop.execute { itself?.value.proxy?.answered { event(&$0, answer) } }
      }
    }
  }

  private func answered(_ event: (inout Session) -> Void) {
    event(&session)
    guard !isPerforming else { return }
    perform()
    step()
  }

  // MARK: The end

  /// Goes on towards the end as far as things have come.
  private func step() {
    guard !isFinishing else { return }
    if toClient?.isOpen == false { clientHasEnded = true }
    if clientHasEnded, session.areMessagesForwarded { closeServerInput() }
    if serverInputIsClosed, !session.areAnswersDue || toClient?.isOpen == false { endServer() }
    if ending != nil, serverOutputHasEnded { finish() }
  }

  /// The server will say no more. Once.
  private func serverEnded() {
    guard !isServerEndTold else { return }
    isServerEndTold = true
    graceTimer?.cancel()
    graceTimer = nil
    session.serverEnded(rest: serverRest, account: ending?.account ?? "closed its output", at: .now())
    perform()
    closeServerInput()
    step()
  }

  private func closeServerInput() {
    guard !serverInputIsClosed else { return }
    serverInputIsClosed = true
    _ = toServer?.close()
  }

  /// The server has nothing more to do: it is given time to see that, then told, then killed.
  private func endServer() {
    guard ending == nil, graceTimer == nil, !isTerminating else { return }
    after(configuration.grace) { proxy in
      proxy.log(LogEntry(.warning, "grace", "the server has not ended after its input did: sending it SIGTERM"))
      proxy.terminate(by: SIGTERM)
    }
  }

  private func after(_ delay: TimeAmount, _ action: @escaping @Sendable (StdioProxy) -> Void) {
    let itself = itself
    graceTimer?.cancel()
    graceTimer = loop.scheduleTask(in: delay) {
      if let proxy = itself?.value.proxy { action(proxy) }
    }
  }

  private func finish() {
    guard !isFinishing, let ending, !session.areAnswersDue else { return }
    isFinishing = true
    graceTimer?.cancel()
    thinner.endPeriod().forEach(log)
    let status = ending.status
    let pump = outputPump
    let grace = configuration.grace
    let ended = ended
    // A client that no longer reads cannot hold us up for ever.
    loop.scheduleTask(in: grace) { ended?.succeed(status) }
    let join = NIOLoopBound(
      { pump?.join(milliseconds: Int32(clamping: grace.nanoseconds / 1_000_000)) }, eventLoop: loop)
    (toClient?.close() ?? loop.makeSucceededVoidFuture()).whenComplete { _ in
      join.value()
      ended?.succeed(status)
    }
  }
}
