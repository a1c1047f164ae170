import LedgerModel
import Logging

/// Writes notices to the log of the service.
struct LogChannel: AlertChannel {
    let logger: Logger

    func send(_ notice: AlertNotice) async throws(DeliveryFailure) {
        logger.log(
            level: notice.isResolved ? .notice : .warning,
            notice.isResolved ? "an alert is over" : "an alert was raised",
            metadata: [
                "alert": "\(notice.facts.alert)", "ledger": "\(notice.ledger)",
                "rule": "\(notice.facts["rule"])", "subject": "\(notice.facts["subject"])",
                "summary": "\(notice.facts.summary)",
                "contributors": "\(notice.facts.contributors.joined(separator: "; "))",
                "look": "\(notice.facts["look"])",
            ])
    }
}
