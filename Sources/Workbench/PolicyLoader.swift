public import NIOCore
import Policy
public import PolicyFiles
import Scripting
public import Wire

/// Reads policies and compiles their scripts. Starts no worker before there is a script.
public struct PolicyLoader: Sendable {
  /// The loop on which validators live and answer.
  public let loop: any EventLoop
  private let pool: ValidatorPool

  /// A loader whose validators live on that loop.
  ///
  /// - Parameter requiresSandbox: whether a policy with scripts is refused where the kernel lacks layers of their sandbox.
  public init(on loop: any EventLoop, requiresSandbox: Bool = false) {
    self.loop = loop
    pool = ValidatorPool(on: loop, requiring: requiresSandbox ? .all : [])
  }

  /// Reads the policy at `path` with its scripts. On the loop, or on any other thread.
  ///
  /// - Parameters:
  ///   - given: values for the policy's parameters that are not to have their defaults.
  ///   - tools: the server's own list of its tools, however it was come by: what the policy says of others, and of
  ///     arguments that they do not have, is warned of.
  /// - Returns: the policy, ready to decide, or every mistake in it and in its scripts.
  public func prepare(
    _ path: String, given: [Name: ParameterValue] = [:], against tools: ListedTools? = nil
  ) -> EventLoopFuture<Result<PreparedPolicy, PolicyProblems>> {
    let loaded: LoadedPolicy
    do throws(PolicyProblems) {
      loaded = try PolicyFile.load(path, given: given, against: tools, whenScripted: pool.makeReady)
    } catch {
      pool.standDown()
      return loop.makeSucceededFuture(.failure(error))
    }
    guard !loaded.scripts.isEmpty else {
      return loop.makeSucceededFuture(.success(PreparedPolicy(loaded, validators: NoValidators())))
    }
    return pool.load(loaded.scripts, limits: loaded.rules.limits).map { loading in
      switch loading {
      case .loaded(let scripts):
        return .success(PreparedPolicy(loaded, validators: scripts, sandbox: scripts.sandbox))
      case .rejected(let problems):
        return .failure(
          PolicyProblems(
            diagnostics: loaded.warnings
              + problems.map {
                Diagnostic(script: loaded.scripts[$0.script], at: $0.place, message: $0.message)
              },
            files: loaded.files))
      case .unconfined(let missing):
        let found = Diagnostic(
          .sandboxIncomplete, at: loaded.scripts[0].place,
          message: "this script is not run: the validators' sandbox would lack \(missing)",
          hint: "use a kernel and a container that have all of it, or leave --require-sandbox out")
        return .failure(PolicyProblems(diagnostics: loaded.warnings + [found], files: loaded.files))
      }
    }
  }

  /// Ends the workers.
  public func shutDown() -> EventLoopFuture<Void> {
    pool.shutDown()
  }
}
