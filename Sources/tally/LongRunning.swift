import Logging
import Runs
import ServiceLifecycle

extension Deployment {
    /// The registry of long runs, with every kind of work that this program knows.
    ///
    /// - Parameter report: told what went wrong, for a log.
    func longRuns(
        report: @escaping @Sendable (RunTrouble) -> Void = { _ in }
    ) -> LongRuns {
        LongRuns(pool: pool, instance: makeEventID(), kinds: [rerates], report: report)
    }
}

/// Works on long runs until the service stops, then leaves them to be resumed.
struct RunService: Service {
    let runs: LongRuns

    func run() async throws {
        await cancelWhenGracefulShutdown { await runs.run() }
    }
}

extension RunTrouble {
    func log(to logger: Logger) {
        switch self {
        case .failed(let run, let kind, let error):
            logger.warning(
                "a run failed",
                metadata: ["run": "\(run)", "kind": "\(kind)", "error": "\(error)"])
        case .interrupted(let run, let kind, let error):
            logger.warning(
                "a run was interrupted and goes on later",
                metadata: ["run": "\(run)", "kind": "\(kind)", "error": "\(error)"])
        case .cannotLook(let error):
            logger.warning("cannot look for runs", metadata: ["error": "\(error)"])
        }
    }
}
