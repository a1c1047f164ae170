package import LedgerModel
import Synchronization

/// What is known to be wrong with ledgers, as those who measure it say.
///
/// Each source says everything it finds at once, so that what it no longer says is mended. A source
/// that has not looked yet makes nothing right.
package final class LedgerHealth: Sendable {
    private let findings = Mutex<[String: [LedgerID: [Finding]]]>([:])

    package struct Finding: Hashable, Sendable {
        /// What is wrong, such as the name of a subscription.
        package let subject: Name
        package let sentence: String

        package init(_ subject: Name, _ sentence: String) {
            self.subject = subject
            self.sentence = sentence
        }
    }

    /// Those that have to have looked before anything is resolved.
    private let sources: Set<String>

    package init(sources: Set<String>) {
        self.sources = sources
    }

    package func report(_ found: [LedgerID: [Finding]], from source: String) {
        precondition(sources.contains(source), "\(source) is a source of findings")
        findings.withLock { $0[source] = found }
    }

    func findings(of ledger: LedgerID) -> (all: [Finding], isWhole: Bool) {
        findings.withLock { known in
            (
                known.values.flatMap { $0[ledger] ?? [] }.sorted { $0.subject < $1.subject },
                sources.allSatisfy { known[$0] != nil }
            )
        }
    }
}
