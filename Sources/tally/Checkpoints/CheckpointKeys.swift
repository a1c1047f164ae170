import ArgumentParser
import Crypto
import EventStore
import Foundation
import JSON
import LedgerModel
import Rendering

/// The keys of checkpoints, in files of the data directory.
///
///     checkpoint.key           the private key that signs, readable only by its owner
///     checkpoint.pub           the public key to hold on to, from the first use on
///     checkpoint-handovers/    statements by which one key took another's place
struct CheckpointKeys {
    let directory: String
    /// The key to hold on to in place of the stored one: `--public-key` or TALLY_CHECKPOINT_KEY.
    let given: CheckpointKey?

    private var keyPath: String { directory + "/checkpoint.key" }
    private var pinPath: String { directory + "/checkpoint.pub" }
    private var handoverDirectory: String { directory + "/checkpoint-handovers" }

    // MARK: Trust

    /// The keys whose checkpoints count; nil if none is pinned yet.
    func trusted() throws -> TrustedKeys? {
        guard let pinned = try given ?? stored() else { return nil }
        return TrustedKeys(pinned: pinned, handovers: try handovers())
    }

    /// Refuses a checkpoint that a foreign key signed.
    ///
    /// - Parameter pins: whether its key is pinned if none is yet.
    func check(_ checkpoint: Checkpoint, pinning pins: Bool = false) throws {
        guard let trusted = try trusted() else {
            guard pins else { return }
            try pin(checkpoint.signer)
            return printError(
                "from now on checkpoints must be signed with the key of this one, "
                    + "\(checkpoint.signer): compare it with what its owner says")
        }
        guard trusted.contains(checkpoint.signer) else {
            throw InputRefused(
                "the checkpoint is signed by the key \(checkpoint.signer), which is neither the "
                    + "pinned key \(trusted.pinned) nor one that it was handed over to: ask its "
                    + "owner, and give the right key with --public-key")
        }
    }

    /// The pinned key; that of the private one if a version before pins made it.
    func stored() throws -> CheckpointKey? {
        guard FileManager.default.fileExists(atPath: pinPath) else {
            return try privateKey().map { CheckpointKey(of: $0) }
        }
        let text = try readText(pinPath, "the pinned key")
        guard let key = CheckpointKey(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw InputRefused("\(pinPath) is not a public key: expected base64 of 32 bytes")
        }
        return key
    }

    private func pin(_ key: CheckpointKey) throws {
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        _ = try writeNewFile(Array("\(key)\n".utf8), to: pinPath)
    }

    // MARK: Signing

    /// The key that signs; it is made, and pinned, at the first use.
    func signingKey() throws -> Curve25519.Signing.PrivateKey {
        guard let key = try presentKey() else { return try makeKey() }
        if given == nil, !FileManager.default.fileExists(atPath: pinPath) {
            try pin(CheckpointKey(of: key))
        }
        return key
    }

    /// The public half of the key that signs; nil if none was made yet.
    func present() throws -> CheckpointKey? {
        try presentKey().map { CheckpointKey(of: $0) }
    }

    /// The key that is there, if it counts; a key that was there before is missed.
    private func presentKey() throws -> Curve25519.Signing.PrivateKey? {
        guard let key = try privateKey() else {
            guard let trace else { return nil }
            throw InputRefused(
                "the signing key \(keyPath) is missing, although \(trace) shows that there is "
                    + "one: restore it. If it is lost, move checkpoint.pub, checkpoint-handovers "
                    + "and checkpoints elsewhere, and tell the new key to all who verify")
        }
        guard let trusted = try trusted(), trusted.contains(CheckpointKey(of: key)) else {
            throw InputRefused(
                "the signing key \(keyPath) is neither the pinned one nor one that it was handed "
                    + "over to: restore the file, and replace keys with tally checkpoint "
                    + "--rotate-key only")
        }
        return key
    }

    /// A file that tells that there was a signing key.
    private var trace: String? {
        [pinPath, handoverDirectory, directory + "/checkpoints"].first {
            FileManager.default.fileExists(atPath: $0)
        }
    }

    private func makeKey() throws -> Curve25519.Signing.PrivateKey {
        if let given {
            throw InputRefused(
                "there is no signing key for the public key \(given): copy checkpoint.key to "
                    + "\(directory), or leave out --public-key to make one")
        }
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        let key = Curve25519.Signing.PrivateKey()
        guard try writeNewFile(Array(key.rawRepresentation), to: keyPath, mode: 0o600) else {
            return try signingKey()
        }
        try pin(CheckpointKey(of: key))
        return key
    }

    private func privateKey() throws -> Curve25519.Signing.PrivateKey? {
        guard FileManager.default.fileExists(atPath: keyPath) else { return nil }
        guard let data = FileManager.default.contents(atPath: keyPath),
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: data)
        else { throw InputRefused("\(keyPath) is not a signing key: expected 32 bytes") }
        return key
    }

    // MARK: Rotation

    /// Makes another key, to which the present one is handed over.
    ///
    /// A crash in between leaves the old key in its place: it is trusted as before.
    func rotate(at time: Timestamp) throws -> KeyHandover {
        let old = try signingKey()
        let new = Curve25519.Signing.PrivateKey()
        let handover = try KeyHandover(from: old, to: new, at: time)
        let newPath = keyPath + ".new"
        try? FileManager.default.removeItem(atPath: newPath)
        _ = try writeNewFile(Array(new.rawRepresentation), to: newPath, mode: 0o600)
        try FileManager.default.createDirectory(
            atPath: handoverDirectory, withIntermediateDirectories: true)
        let path = "\(handoverDirectory)/\(time.inFileName).json"
        guard try writeNewFile(Array((handover.json + "\n").utf8), to: path) else {
            throw InputRefused("\(path) exists already: try again")
        }
        guard rename(newPath, keyPath) == 0 else {
            throw InputRefused("\(keyPath) cannot be replaced: \(systemErrorText())")
        }
        return handover
    }

    private func handovers() throws -> [KeyHandover] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: handoverDirectory)) ?? []
        return try names.filter { $0.hasSuffix(".json") }.sorted().map {
            try HandoverFile.read(handoverDirectory + "/" + $0)
        }
    }
}

/// Hand-overs of keys as JSON files.
private enum HandoverFile {
    static func read(_ path: String) throws -> KeyHandover {
        guard let data = FileManager.default.contents(atPath: path),
            let contents = try? JSONTree(parsing: data),
            let old = (contents["old_key"]?.string).flatMap({ CheckpointKey($0) }),
            let new = (contents["new_key"]?.string).flatMap({ CheckpointKey($0) }),
            let recordedAt = (contents["recorded_at"]?.string)
                .flatMap({ Timestamp(rfc3339: $0) }),
            let oldSignature = contents.base64("old_signature"),
            let newSignature = contents.base64("new_signature")
        else { throw InputRefused("\(path) is not a hand-over of a key") }
        return KeyHandover(
            old: old, new: new, recordedAt: recordedAt, oldSignature: oldSignature,
            newSignature: newSignature)
    }
}

/// The option of commands that check who signed a checkpoint.
struct CheckpointKeyOptions: ParsableArguments {
    @Option(
        help: """
            The public key that checkpoints must be signed with, or have been handed over from \
            (default: TALLY_CHECKPOINT_KEY, else the one stored at first use).
            """,
        transform: { text in
            guard let key = CheckpointKey(text) else {
                throw ValidationError("\(text) is not a public key: expected base64 of 32 bytes")
            }
            return key
        })
    var publicKey: CheckpointKey?
}

extension Timestamp {
    /// As a part of a file's name; names are in the order of their times.
    var inFileName: String { description.replacing(":", with: "-") }
}

/// Writes a file as a whole unless there is one of that name; returns whether it did.
func writeNewFile(_ bytes: [UInt8], to path: String, mode: mode_t = 0o644) throws -> Bool {
    let draft = "\(path).\(getpid()).draft"
    unlink(draft)
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw cannotWrite(path) }
    defer { unlink(draft) }
    let count = write(descriptor, bytes, bytes.count)
    let isDurable = count == bytes.count && fsync(descriptor) == 0
    close(descriptor)
    guard isDurable else { throw cannotWrite(path) }
    // Unlike rename, link never replaces what is there.
    if link(draft, path) == 0 { return true }
    guard errno == EEXIST else { throw cannotWrite(path) }
    return false
}

private func cannotWrite(_ path: String) -> InputRefused {
    InputRefused("\(path) cannot be written: \(systemErrorText())")
}

private func systemErrorText() -> String { String(cString: strerror(errno)) }
