import ArgumentParser
import Booking
import EventStore
import LedgerModel
import Rendering

struct Verify: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Verifies the hash chain and names the first wrong position.")

    @OptionGroup var place: LedgerOptions
    @Option(help: "A checkpoint file, to detect a truncated or rewritten ledger too.")
    var checkpoint: String?
    @OptionGroup var output: OutputOptions

    func execute() async throws {
        let known = try checkpoint.map { try CheckpointFile.read($0) }
        let report = try await place.open(to: .read) { deployment, ledger in
            if let known, known.ledgerName != place.ledger {
                throw InputRefused(
                    "the checkpoint is of ledger \(known.ledgerName), not of \(place.ledger): "
                        + "name it with --ledger")
            }
            let progress = Progress("verify", isQuiet: output.json)
            defer { progress.finish() }
            return try await Verifier(ledger: ledger.store.id, pool: deployment.pool)
                .verify(against: known) { progress.show($0, of: $1, unit: "events") }
        }
        output.show(Verified(report, ledger: place.ledger, continues: known != nil))
        if report.problem != nil { throw ExitCode.checkFailed }
    }
}

struct MakeCheckpoint: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Signs the ledger's head, to keep outside the database.",
        discussion: """
            The signing key is checkpoint.key in the data directory, created at first use. Keep \
            checkpoints out of reach of anyone who can write to the database.
            """)

    @OptionGroup var place: LedgerOptions
    @Option(help: "The file to write (default: standard output).") var out: String?

    func execute() async throws {
        let directory = try await place.database.settings().dataDirectory
        let checkpoint = try await place.open(to: .read) { _, ledger in
            try Checkpoint(
                ledgerName: place.ledger, ledger: ledger.store.id,
                head: try await ledger.store.head(), at: .now,
                key: try CheckpointFile.signingKey(in: directory))
        }
        guard let out else { return print(checkpoint.json) }
        try writeFile(checkpoint.json + "\n", to: out)
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
        if let check { return try self.check(check) }
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

    private func check(_ path: String) throws {
        let checked = try CheckedProof(
            ProofFile.read(path), against: checkpoint.map { try CheckpointFile.read($0) })
        output.show(checked)
        if checked.problem != nil { throw ExitCode.checkFailed }
    }
}
