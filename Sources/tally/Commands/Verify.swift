import ArgumentParser
import Booking
import EventStore
import Foundation
import LedgerModel
import Rendering

struct Verify: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Verifies the hash chain and names the first wrong position.",
        discussion: """
            It holds on to a checkpoint: the one of --checkpoint, or else the newest in \
            checkpoints/ of the data directory. Who signed it is checked too.
            """)

    @OptionGroup var place: LedgerOptions
    @Option(help: "A checkpoint file, to detect a truncated or rewritten ledger too.")
    var checkpoint: String?
    @OptionGroup var keys: CheckpointKeyOptions
    @OptionGroup var output: OutputOptions

    func execute() async throws {
        let archive = CheckpointArchive(
            try await place.database.settings(), publicKey: keys.publicKey)
        let given = try checkpoint.map { try CheckpointFile.read($0) }
        if let given { try archive.keys.check(given, pinning: true) }
        let (report, known) = try await place.open(to: .read) { deployment, ledger in
            let known = try given ?? archive.newest(of: ledger.store.id)
            if let known, known.ledgerName != place.ledger {
                throw OtherLedger(known, place.ledger)
            }
            let progress = Progress("verify", isQuiet: output.json)
            defer { progress.finish() }
            let report = try await Verifier(ledger: ledger.store.id, pool: deployment.pool)
                .verify(against: known) { progress.show($0, of: $1, unit: "events") }
            return (report, known)
        }
        output.show(Verified(report, ledger: place.ledger, against: known))
        if report.problem != nil { throw ExitCode.checkFailed }
    }
}

struct MakeCheckpoint: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Signs the ledger's head, to keep outside the database.",
        discussion: """
            A head is only signed if it continues the newest checkpoint in checkpoints/ of the \
            data directory, where each one is kept. The signing key is checkpoint.key there, \
            created at first use; tell its public key (--show-key) to all who verify. Keep \
            checkpoints out of reach of anyone who can write to the database: with --out, or with \
            TALLY_CHECKPOINT_WITNESS.
            """)

    @OptionGroup var place: LedgerOptions
    @Option(help: "The file to write (default: standard output); it must not exist.")
    var out: String?
    @Flag(help: "Only print the public key.") var showKey = false
    @Flag(help: "Only make another key, with a statement signed by the old one, and print both.")
    var rotateKey = false
    @OptionGroup var keys: CheckpointKeyOptions

    func validate() throws {
        guard [out != nil, showKey, rotateKey].count(where: \.self) <= 1 else {
            throw ValidationError("give one of --out, --show-key and --rotate-key")
        }
    }

    func execute() async throws {
        let archive = CheckpointArchive(
            try await place.database.settings(), publicKey: keys.publicKey)
        if showKey { return print(CheckpointKey(of: try archive.keys.signingKey())) }
        if rotateKey { return print(try archive.keys.rotate(at: .now).json) }
        if let out, FileManager.default.fileExists(atPath: out) {
            throw InputRefused(
                "\(out) exists already, and no checkpoint is overwritten: name another file")
        }
        let checkpoint: Checkpoint
        do {
            checkpoint = try await place.open(to: .read) { deployment, ledger in
                try await archive.sign(
                    ledger.store.id, named: place.ledger, at: try await ledger.store.head(),
                    in: deployment.pool)
            }
        } catch let broken as BrokenHistory {
            printError("\(broken)")
            throw ExitCode.checkFailed
        }
        guard let out else { return print(checkpoint.json) }
        guard try writeNewFile(Array((checkpoint.json + "\n").utf8), to: out) else {
            throw InputRefused(
                "\(out) exists already, and no checkpoint is overwritten: name another file")
        }
        print(
            "checkpoint of ledger \(place.ledger) at position "
                + "\(grouped(checkpoint.head.position)) written to \(out)")
    }
}

struct Prove: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints a proof that an event is in the ledger, or checks one without it.",
        usage: "tally prove EVENT_ID\ntally prove --check FILE [--checkpoint FILE]",
        discussion: """
            A proof leads from the event to the hash of its block. Whoever has a checkpoint of that \
            block checks with --checkpoint that the ledger had the event when it was signed. \
            docs/encoding.md describes how to check it with other programs.
            """)

    @OptionGroup var place: LedgerOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "A proof to check; needs no database.") var check: String?
    @Option(help: "A checkpoint of the proven block, to compare with.") var checkpoint: String?
    @OptionGroup var keys: CheckpointKeyOptions
    @Argument(help: "Id of the event.") var eventID: String?

    func validate() throws {
        guard (eventID == nil) != (check == nil) else {
            throw ValidationError("give the id of an event, or a proof with --check")
        }
        guard checkpoint == nil || check != nil else {
            throw ValidationError("--checkpoint belongs to --check")
        }
    }

    func execute() async throws {
        if let check { return try await self.check(check) }
        guard let id = EventID(eventID ?? "") else {
            throw InputRefused("\(eventID ?? "") is not an event id: expected a UUID")
        }
        let proof = try await place.open(to: .read) { try await $1.store.proof(of: id) }
        guard let proof else {
            throw InputRefused("ledger \(place.ledger) has no event \(id)")
        }
        print(proof.json)
        if !proof.isValid {
            printError("the event does not lead to the root of its block: run tally verify")
            throw ExitCode.checkFailed
        }
    }

    private func check(_ path: String) async throws {
        let known = try checkpoint.map { try CheckpointFile.read($0) }
        // The data directory of whoever checks need not be that of the ledger.
        let settings = try await place.database.settings()
        if let known, let key = keys.publicKey ?? settings.checkpointKey {
            try CheckpointKeys(directory: settings.dataDirectory, given: key).check(known)
        }
        let checked = try CheckedProof(ProofFile.read(path), against: known)
        output.show(checked)
        if checked.problem != nil { throw ExitCode.checkFailed }
    }
}
