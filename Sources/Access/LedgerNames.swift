package import LedgerModel
import Synchronization

/// The names of ledgers by their ids, read once: a ledger keeps its name.
package final class LedgerNames: Sendable {
    private let directory: LedgerDirectory
    private let names = Mutex<[LedgerID: String]>([:])

    package init(_ directory: LedgerDirectory) {
        self.directory = directory
    }

    /// The name of a ledger; its number while the database cannot be asked.
    package func name(of ledger: LedgerID) async -> String {
        if let name = names.withLock({ $0[ledger] }) { return name }
        // A metric is worth more under a poor name than not at all.
        let known = (try? await directory.names()) ?? [:]
        names.withLock { $0.merge(known) { $1 } }
        return names.withLock { $0[ledger] } ?? ledger.description
    }
}
