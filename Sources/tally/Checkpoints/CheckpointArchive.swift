import Access
import Alerting
import EventStore
import Foundation
import LedgerModel
import Logging
import Postgres
import Rendering

/// The checkpoints that are known, in `checkpoints/` of the data directory: outside of the database.
///
/// A ledger's newest one is the anchor of the next: what does not continue it is not signed. None is
/// ever overwritten.
struct CheckpointArchive {
    let keys: CheckpointKeys
    private let directory: String
    private let witnesses: [CheckpointWitness]

    /// - Parameter publicKey: the key to hold on to, if it is not that of the settings.
    init(_ settings: Settings, publicKey: CheckpointKey? = nil) {
        keys = CheckpointKeys(
            directory: settings.dataDirectory, given: publicKey ?? settings.checkpointKey)
        directory = settings.dataDirectory + "/checkpoints"
        witnesses = settings.checkpointWitnesses
    }

    /// The newest one of a ledger; nil if there is none.
    ///
    /// One that was changed, or that a foreign key signed, is refused rather than passed over.
    func newest(of ledger: LedgerID) throws -> Checkpoint? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        let own = names.filter { $0.hasPrefix("ledger-\(ledger)-") && $0.hasSuffix(".json") }
        guard let last = own.max() else { return nil }
        let checkpoint = try CheckpointFile.read(directory + "/" + last)
        try keys.check(checkpoint)
        guard checkpoint.ledger == ledger else {
            throw InputRefused("\(directory)/\(last) is a checkpoint of another ledger")
        }
        return checkpoint
    }

    /// Signs the head of a ledger if it continues the newest checkpoint, keeps the new one, and
    /// tells the witnesses.
    ///
    /// - Throws: `BrokenHistory` if it does not.
    func sign(
        _ ledger: LedgerID, named name: String, at head: Head, in pool: Pool
    ) async throws -> Checkpoint {
        let key = try keys.signingKey()
        var head = head
        if let known = try newest(of: ledger) {
            guard known.ledgerName == name else { throw OtherLedger(known, name) }
            let report = try await Verifier(ledger: ledger, pool: pool).verify(since: known)
            if let problem = report.problem {
                throw BrokenHistory(ledger: name, known: known, problem: problem)
            }
            head = report.head
        }
        let checkpoint = try Checkpoint(
            ledgerName: name, ledger: ledger, head: head, at: .now, key: key)
        try keep(checkpoint)
        for witness in witnesses { try await witness.see(checkpoint) }
        return checkpoint
    }

    private func keep(_ checkpoint: Checkpoint) throws {
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        let path = directory + "/" + checkpoint.fileName
        guard try writeNewFile(Array((checkpoint.json + "\n").utf8), to: path) else {
            throw InputRefused("\(path) exists already: try again")
        }
    }

    /// Signs the heads of all ledgers that have moved; a failure of one is logged.
    ///
    /// Returns the ledgers that do not continue their checkpoints.
    func signAll(
        in deployment: Deployment, logger: Logger
    ) async throws -> [LedgerID: [LedgerHealth.Finding]] {
        var broken: [LedgerID: [LedgerHealth.Finding]] = [:]
        for ledger in try await deployment.directory.list() where ledger.head.position > 0 {
            do {
                if try newest(of: ledger.id)?.head == ledger.head { continue }
                _ = try await sign(
                    ledger.id, named: ledger.name, at: ledger.head, in: deployment.pool)
            } catch {
                logger.error(
                    "no checkpoint was made",
                    metadata: ["ledger": "\(ledger.name)", "error": "\(error)"])
                guard error is BrokenHistory else { continue }
                broken[ledger.id] = [LedgerHealth.Finding("chain", "\(error)")]
            }
        }
        return broken
    }
}

extension Checkpoint {
    /// The name of its file in an archive; the newest of a ledger is the last.
    var fileName: String { "ledger-\(ledger)-\(recordedAt.inFileName).json" }
}

/// The ledger does not continue its newest checkpoint, so its head is not signed.
struct BrokenHistory: Error, CustomStringConvertible {
    let ledger: String
    let known: Checkpoint
    let problem: Verifier.Problem

    var description: String {
        "ledger \(ledger) does not continue its checkpoint of \(known.recordedAt) at position "
            + "\(grouped(known.head.position)), so nothing was signed: \(problem). If this is "
            + "another database, give it a data directory of its own with --data-dir"
    }
}

/// The data directory has checkpoints of another ledger under the same number.
struct OtherLedger: Fault {
    let known: Checkpoint
    let name: String

    init(_ known: Checkpoint, _ name: String) {
        self.known = known
        self.name = name
    }

    var kind: FaultKind { .invalid }
    var description: String {
        "the checkpoint is of ledger \(known.ledgerName), not of \(name): name it with --ledger, or "
            + "give another database a data directory of its own with --data-dir"
    }
}
