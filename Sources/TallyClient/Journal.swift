package import Logging
package import Spooling
import Synchronization

/// Counts, logs and reports what the client does.
package final class Journal: Sendable {
    private let logger: Logger
    private let onReport: @Sendable (TallyClient.Report) -> Void
    private let state = Mutex(TallyClient.Statistics())

    package init(
        logger: Logger, onReport: @escaping @Sendable (TallyClient.Report) -> Void
    ) {
        self.logger = logger
        self.onReport = onReport
    }

    package var statistics: TallyClient.Statistics { state.withLock { $0 } }

    package func count(_ change: (inout TallyClient.Statistics) -> Void) {
        state.withLock { change(&$0) }
    }

    package func reportSpool(_ report: SpoolReport) { self.report(TallyClient.Report(report)) }

    package func report(_ report: TallyClient.Report) {
        if case .notRecorded(let outcome) = report {
            let count = state.withLock { statistics in
                statistics.notRecorded += 1
                return statistics.notRecorded
            }
            log(outcome, count: count)
        } else {
            log(report)
        }
        onReport(report)
    }

    /// Logs the first, second, fourth, eighth … time, so that a full spool does not fill the log
    /// too.
    private func log(_ outcome: RecordOutcome, count: Int) {
        guard count & (count - 1) == 0 else { return }
        logger.warning(
            "a record was not taken",
            metadata: ["tally.reason": "\(outcome)", "tally.not_recorded": "\(count)"])
    }

    private func log(_ report: TallyClient.Report) {
        switch report {
        case .deadLetter(let id, let reason):
            logger.error(
                "the ledger refused a record",
                metadata: ["tally.record": "\(id)", "tally.reason": "\(reason)"])
        case .notRecorded: break
        case .unavailable(let reason):
            logger.warning("the ledger can't be reached", metadata: ["tally.reason": "\(reason)"])
        case .misconfigured(let reason):
            logger.error("the ledger refuses this client", metadata: ["tally.reason": "\(reason)"])
        case .recovered: logger.info("the ledger accepts records again")
        case .spoolFailed(let reason):
            logger.error("the spool has failed", metadata: ["tally.reason": "\(reason)"])
        case .damaged(let file, let bytes, let isTail):
            logger.warning(
                "a file of the spool is damaged",
                metadata: [
                    "tally.file": "\(file)", "tally.bytes": "\(bytes)",
                    "tally.is_tail": "\(isTail)",
                ])
        }
    }
}
