import ArgumentParser
import Booking
import Crypto
import EventStore
import Foundation
import JSON
import LedgerModel
import Server

struct Verify: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Recomputes the chain from the rows and names the first position that is wrong.")

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var target: LedgerOptions
    @Option(help: "A checkpoint file: finds a truncated or rewritten ledger too.")
    var checkpoint: String?
    @Flag(help: "Print the result as JSON.") var json = false

    func execute() async throws {
        let known = try checkpoint.map { try CheckpointFile.read($0) }
        let report = try await Deployment.with(try await database.settings()) { deployment in
            let openLedger = try await deployment.ledger(target.ledger)
            if let known, known.ledgerName != target.ledger {
                throw InputRefused(
                    "the checkpoint is of ledger \(known.ledgerName), not of \(target.ledger): "
                        + "name it with --ledger")
            }
            let progress = Progress("verify", isQuiet: json)
            defer { progress.finish() }
            return try await Verifier(ledger: openLedger.store.id, pool: deployment.pool)
                .verify(against: known) { progress.show($0, of: $1, unit: "events") }
        }
        if json {
            print(Self.json(report).text)
        } else if let problem = report.problem {
            print("ledger \(target.ledger) is NOT intact: \(problem)")
        } else {
            print(
                "ledger \(target.ledger) is intact: \(grouped(report.events)) events in "
                    + "\(grouped(report.blocks)) blocks, head \(report.head.hash)"
                    + (known == nil ? "" : ", and it continues the checkpoint"))
        }
        if report.problem != nil { throw TallyExit.checkFailed }
    }

    private static func json(_ report: Verifier.Report) -> JSONWriter {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("intact", report.problem == nil)
            writer.field("events", report.events)
            writer.field("blocks", report.blocks)
            writer.key("head")
            writer.value(raw: JSONWriter.head(report.head).text)
            if let problem = report.problem {
                writer.key("problem")
                writer.object { writer in
                    writer.field("position", problem.position)
                    writer.field("what", problem.what)
                }
            }
        }
        return writer
    }
}

struct MakeCheckpoint: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Signs the head of the ledger, to be kept outside of the database.",
        discussion: """
            The signing key is checkpoint.key in the data directory, made at the first use. Keep \
            checkpoints where whoever can write to the database cannot.
            """)

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var target: LedgerOptions
    @Option(help: "File to write; standard output without it.") var out: String?

    func execute() async throws {
        let settings = try await database.settings()
        let checkpoint = try await Deployment.with(settings) { deployment in
            let openLedger = try await deployment.ledger(target.ledger)
            return try Checkpoint(
                ledgerName: target.ledger, ledger: openLedger.store.id,
                head: try await openLedger.store.head(), at: .now,
                key: try CheckpointFile.signingKey(in: settings.dataDirectory))
        }
        let text = CheckpointFile.text(of: checkpoint)
        guard let out else { return print(text) }
        try CheckpointFile.write(text + "\n", to: out)
        print(
            "checkpoint of ledger \(target.ledger) at position "
                + "\(grouped(checkpoint.head.position)) written to \(out)")
    }
}

struct Prove: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints the proof that an event is in the ledger, to be checked without it.",
        discussion: "docs/encoding.md says how to check it.")

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var target: LedgerOptions
    @Flag(help: "Accepted for uniformity: a proof is always JSON.") var json = false
    @Argument(help: "Id of the event.") var eventID: String

    func execute() async throws {
        guard let id = EventID(eventID) else {
            throw InputRefused("\(eventID) is not an event id: a UUID is expected")
        }
        let proof = try await Deployment.with(try await database.settings()) { deployment in
            try await deployment.ledger(target.ledger).store.proof(of: id)
        }
        guard let proof else {
            throw InputRefused("ledger \(target.ledger) has no event \(id)")
        }
        print(JSONWriter.proof(proof).text)
        if !proof.isValid {
            printError("the event does not lead to the root of its block: run tally verify")
            throw TallyExit.checkFailed
        }
    }
}

/// Checkpoints as JSON files, and the key that signs them.
enum CheckpointFile {
    private struct Contents: Codable {
        var ledger: String
        var ledgerID: Int64
        var position: Int64
        var block: Int64
        var hash: String
        var recordedAt: String
        var publicKey: String
        var signature: String

        enum CodingKeys: String, CodingKey {
            case ledger, position, block, hash, signature
            case ledgerID = "ledger_id"
            case recordedAt = "recorded_at"
            case publicKey = "public_key"
        }
    }

    static func text(of checkpoint: Checkpoint) -> String {
        var json = JSONWriter()
        json.object { json in
            json.field("ledger", checkpoint.ledgerName)
            json.field("ledger_id", checkpoint.ledger.number)
            json.field("position", checkpoint.head.position)
            json.field("block", checkpoint.head.block)
            json.field("hash", checkpoint.head.hash.description)
            json.field("recorded_at", checkpoint.recordedAt.description)
            json.field("public_key", Data(checkpoint.publicKey).base64EncodedString())
            json.field("signature", Data(checkpoint.signature).base64EncodedString())
        }
        return json.text
    }

    /// Reads a file and checks its signature.
    static func read(_ path: String) throws -> Checkpoint {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw InputRefused("the checkpoint \(path) cannot be read")
        }
        guard let contents = try? JSONDecoder().decode(Contents.self, from: data),
            let hash = Digest(hexadecimal: contents.hash),
            let recordedAt = Timestamp(rfc3339: contents.recordedAt),
            let publicKey = Data(base64Encoded: contents.publicKey),
            let signature = Data(base64Encoded: contents.signature)
        else { throw InputRefused("\(path) is not a checkpoint") }
        let checkpoint = Checkpoint(
            ledgerName: contents.ledger, ledger: LedgerID(contents.ledgerID),
            head: Head(position: contents.position, block: contents.block, hash: hash),
            recordedAt: recordedAt, publicKey: [UInt8](publicKey), signature: [UInt8](signature))
        guard checkpoint.isAuthentic else {
            throw InputRefused("the checkpoint \(path) was changed: its signature does not match")
        }
        return checkpoint
    }

    /// The key in the data directory; made, readable for its owner only, at the first use.
    static func signingKey(in directory: String) throws -> Curve25519.Signing.PrivateKey {
        let path = directory + "/checkpoint.key"
        if let data = FileManager.default.contents(atPath: path) {
            guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: data) else {
                throw InputRefused("\(path) is not a signing key: 32 bytes are expected")
            }
            return key
        }
        let key = Curve25519.Signing.PrivateKey()
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        guard
            FileManager.default.createFile(
                atPath: path, contents: key.rawRepresentation,
                attributes: [.posixPermissions: 0o600])
        else { throw InputRefused("the signing key \(path) cannot be written") }
        return key
    }

    /// Replaces the file as a whole, so that a crash leaves the old one.
    static func write(_ text: String, to path: String) throws {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw InputRefused("\(path) cannot be written: \(error.localizedDescription)")
        }
    }
}
