import ArgumentParser
import Budgeting
import Logging
import Postgres
import Rendering
import Replay
import Rerating
import Runs
import ServiceLifecycle
import UnixSignals

extension Deployment {
    /// The registry of long runs, with every kind of work that this program knows.
    ///
    /// - Parameters:
    ///   - onReplay: called with the report of a replay that ended in this process.
    ///   - onRerate: the same for a re-rating.
    ///   - report: called with errors, for a log.
    func longRuns(
        onReplay: @escaping @Sendable (ReplayReport) -> Void = { _ in },
        onRerate: @escaping @Sendable (RerateReport) -> Void = { _ in },
        report: @escaping @Sendable (RunTrouble) -> Void = { _ in }
    ) -> LongRuns {
        LongRuns(
            pool: pool, instance: makeEventID(),
            kinds: [
                rerates(onReport: onRerate),
                .priceReplay(
                    pool: pool, render: { Replayed($0, rowsMax: $1).json }, onReport: onReplay),
                BudgetHistoryReplay.run(pool: pool) { $0.json },
                CacheHistoryReplay.run(pool: pool) { $0.json },
                BatchingHistoryReplay.run(pool: pool) { $0.json },
                RoutingHistoryReplay.run(pool: pool) { $0.json },
            ], report: report)
    }
}

/// Works on long runs until the service stops, then releases them to be resumed.
struct RunService: Service {
    let runs: LongRuns

    func run() async throws {
        await cancelWhenGracefulShutdown { await runs.run() }
    }
}

/// The program was interrupted by Ctrl-C or by the system.
struct Interrupted: Error, CustomStringConvertible {
    /// The exit code of shells for a program that SIGINT ended.
    static let exitCode = ExitCode(130)

    var left = "nothing was kept"
    var description: String { "interrupted: \(left)" }
}

/// Makes SIGINT and SIGTERM cancel the body, which then ends in an orderly way.
///
/// - Parameter interrupted: the message in that case.
func cancelledBySignals<T: Sendable>(
    saying interrupted: Interrupted = Interrupted(),
    _ body: @escaping @Sendable () async throws -> T
) async throws -> T {
    let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
    return try await withThrowingTaskGroup(of: T?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            for await _ in signals { return nil }
            return nil
        }
        let first = try await group.next() ?? nil
        group.cancelAll()
        if let first { return first }
        do {
            if let finished = try await group.next() ?? nil { return finished }
        } catch is CancellationError {
            throw interrupted
        } catch let error as PostgresError where error.code == .cancelled {
            throw interrupted
        }
        throw interrupted
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
                "a run was interrupted and will continue later",
                metadata: ["run": "\(run)", "kind": "\(kind)", "error": "\(error)"])
        case .cannotLook(let error):
            logger.warning("cannot look for runs", metadata: ["error": "\(error)"])
        }
    }
}
