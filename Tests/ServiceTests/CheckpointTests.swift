import Foundation
import LedgerTesting
import Testing

/// What an auditor holds on to, against somebody who can write to the database.
@Suite("Checkpoints", .serialized)
struct CheckpointTests {
    /// A ledger of a few blocks.
    private func withLedger(_ body: (Place) async throws -> Void) async throws {
        try await withPlace { place in
            try await Self.append(["a", "b"], to: place)
            try await body(place)
        }
    }

    /// Appends a block for each prefix.
    private static func append(_ prefixes: [String], to place: Place) async throws {
        try await withService(on: place) { service in
            for prefix in prefixes {
                let report = try await service.client().ingest(
                    array(goodEvents(5, prefix: prefix)))
                #expect(report.appended == 5)
            }
        }
    }

    private static func archive(_ place: Place) throws -> [String] {
        try FileManager.default.contentsOfDirectory(
            atPath: place.dataDirectory + "/checkpoints"
        ).sorted()
    }

    /// Removes the last block, as a superuser can, so that everything left agrees.
    private static func cut(_ place: Place) async throws {
        _ = try await place.psql(TamperingTests.cut)
    }

    @Test("a history that was rewritten and chained again is not signed, and verify finds it")
    func rewritten() async throws {
        try await withLedger { place in
            #expect(try await place.tally("checkpoint").exitCode == 0)
            let known = try Self.archive(place)
            try await Self.cut(place)
            try await Self.append(["forged", "more"], to: place)
            let signed = try await place.tally("checkpoint")
            #expect(signed.exitCode == 1, "\(signed.output)")
            #expect(signed.output.isEmpty)
            #expect(signed.errors.contains("history was rewritten"), "\(signed.errors)")
            #expect(signed.errors.contains("nothing was signed"))
            #expect(try Self.archive(place) == known, "the service signed nothing either")
            let found = try await place.tally("verify")
            #expect(found.exitCode == 1)
            #expect(found.output.contains("history was rewritten"), "\(found.output)")
            // The chain alone agrees with itself.
            try FileManager.default.removeItem(atPath: place.dataDirectory + "/checkpoints")
            let alone = try await place.tally("verify")
            #expect(alone.exitCode == 0)
            #expect(alone.output.contains("warning: there is no checkpoint to hold on to"))
        }
    }

    @Test("a tail that was removed is not signed")
    func truncated() async throws {
        try await withLedger { place in
            #expect(try await place.tally("checkpoint").exitCode == 0)
            try await Self.cut(place)
            let signed = try await place.tally("checkpoint")
            #expect(signed.exitCode == 1)
            #expect(signed.errors.contains("the tail was removed"), "\(signed.errors)")
        }
    }

    @Test("a ledger that grew is signed again, each time in a file of its own")
    func grown() async throws {
        try await withLedger { place in
            let out = place.dataDirectory + "/kept.json"
            #expect(try await place.tally("checkpoint", "--out", out).exitCode == 0)
            let before = try Self.archive(place)
            let kept = try String(contentsOfFile: out, encoding: .utf8)
            try await Self.append(["c"], to: place)
            let again = try await place.tally("checkpoint", "--out", out)
            #expect(again.exitCode == 65)
            #expect(again.errors.contains("no checkpoint is overwritten"), "\(again.errors)")
            #expect(try String(contentsOfFile: out, encoding: .utf8) == kept)
            let next = try await place.tally("checkpoint").json
            let after = try Self.archive(place)
            #expect(Set(before).isStrictSubset(of: after))
            let newest = try #require(after.last)
            let text = try String(
                contentsOfFile: place.dataDirectory + "/checkpoints/" + newest, encoding: .utf8)
            #expect(try JSONValue(text.utf8).signature == next.signature)
            let verified = try await place.tally("verify", "--json").json
            #expect(verified.checkpoint.position == next.position)
            #expect(verified.warning == .missing)
        }
    }

    @Test("a checkpoint of a foreign key is refused; a given key takes the place of the pinned one")
    func foreignKey() async throws {
        try await withLedger { place in
            try await withScratchDirectory { directory in
                let other = Place(databaseURL: place.databaseURL, dataDirectory: directory)
                let (own, foreign) = (directory + "/own.json", directory + "/foreign.json")
                _ = try await place.tally("checkpoint", "--out", own)
                _ = try await other.tally("checkpoint", "--out", foreign)
                #expect(try await place.tally("verify", "--checkpoint", own).exitCode == 0)
                let refused = try await place.tally("verify", "--checkpoint", foreign)
                #expect(refused.exitCode == 65)
                #expect(refused.errors.contains("neither the pinned key"), "\(refused.errors)")
                let shown = try await other.tally("checkpoint", "--show-key").output
                let key = shown.trimmingCharacters(in: .whitespacesAndNewlines)
                let given = try await place.tally(
                    "verify", "--checkpoint", foreign, "--public-key", key)
                #expect(given.exitCode == 0, "\(given.errors)")
                let environment = ["TALLY_CHECKPOINT_KEY": key]
                let set = try await place.tally(
                    "verify", "--checkpoint", own, environment: environment)
                #expect(set.exitCode == 65)
                let signing = try await place.tally("checkpoint", environment: environment)
                #expect(signing.exitCode == 65, "the wrong key would sign: \(signing.output)")
                #expect(
                    try await place.tally("verify", "--public-key", "x").exitCode == 64)
            }
        }
    }

    @Test("the first key that an auditor sees is the one that counts from then on")
    func firstUse() async throws {
        try await withLedger { place in
            try await withScratchDirectory { directory in
                let (own, foreign) = (directory + "/own.json", directory + "/foreign.json")
                _ = try await place.tally("checkpoint", "--out", own)
                let forger = Place(databaseURL: place.databaseURL, dataDirectory: directory + "/f")
                _ = try await forger.tally("checkpoint", "--out", foreign)
                let auditor = Place(
                    databaseURL: place.databaseURL, dataDirectory: directory + "/auditor")
                var isPinned = false
                for (file, code) in [(own, Int32(0)), (foreign, 65), (own, 0)] {
                    let run = try await auditor.tally("verify", "--checkpoint", file)
                    #expect(run.exitCode == code, "\(file): \(run.errors)")
                    // The first one names the key that it pins.
                    let isFirst = run.errors.contains("from now on checkpoints must be signed")
                    #expect(isFirst == !isPinned)
                    isPinned = true
                }
            }
        }
    }

    @Test("a rotated key counts for whoever pinned the old one, through the hand-over alone")
    func rotation() async throws {
        try await withLedger { place in
            let (first, second) = (
                place.dataDirectory + "/first.json", place.dataDirectory + "/second.json"
            )
            _ = try await place.tally("checkpoint", "--out", first)
            let rotated = try await place.tally("checkpoint", "--rotate-key").json
            let (old, new) = (rotated.old_key.string ?? "", rotated.new_key.string ?? "")
            let shown = try await place.tally("checkpoint", "--show-key").output
            #expect(shown == new + "\n" && old != new)
            _ = try await place.tally("checkpoint", "--out", second)
            for (key, file, code) in [
                (old, first, Int32(0)), (old, second, 0), (new, second, 0), (new, first, 65),
            ] {
                let run = try await place.tally(
                    "verify", "--checkpoint", file, "--public-key", key)
                #expect(run.exitCode == code, "\(file): \(run.errors)")
            }
            #expect(try await place.tally("verify").exitCode == 0)
            let directory = place.dataDirectory + "/checkpoint-handovers"
            let handover = try #require(
                try FileManager.default.contentsOfDirectory(atPath: directory).first)
            let path = directory + "/" + handover
            let text = try String(contentsOfFile: path, encoding: .utf8)
            // Who does not have the old key can't name another successor.
            let forged = text.replacingOccurrences(of: old, with: new)
            for content in [nil, forged] {
                try FileManager.default.removeItem(atPath: path)
                try content?.write(toFile: path, atomically: true, encoding: .utf8)
                let run = try await place.tally("verify", "--checkpoint", second)
                #expect(run.exitCode == 65, "\(run.output)")
                #expect(try await place.tally("checkpoint").exitCode == 65)
                try text.write(toFile: path, atomically: true, encoding: .utf8)
            }
            #expect(try await place.tally("checkpoint").exitCode == 0)
        }
    }

    @Test("a signing key that disappeared is missed, and not made again")
    func missingKey() async throws {
        try await withLedger { place in
            let path = place.dataDirectory + "/checkpoint.key"
            let key = try #require(FileManager.default.contents(atPath: path))
            for pin in [true, false] {
                if !pin {
                    try FileManager.default.removeItem(
                        atPath: place.dataDirectory + "/checkpoint.pub")
                }
                try FileManager.default.removeItem(atPath: path)
                for arguments in [[], ["--show-key"], ["--rotate-key"]] {
                    let run = try await CommandRun.tally(
                        ["checkpoint"] + arguments + place.arguments)
                    #expect(run.exitCode == 65)
                    #expect(run.errors.contains("is missing, although"), "\(run.errors)")
                }
                #expect(!FileManager.default.fileExists(atPath: path))
                try key.write(to: URL(fileURLWithPath: path))
                #expect(try await place.tally("checkpoint").exitCode == 0)
            }
        }
    }

    @Test("an archive that was changed is refused, not passed over")
    func changedArchive() async throws {
        try await withLedger { place in
            _ = try await place.tally("checkpoint")
            let path = place.dataDirectory + "/checkpoints/" + (try Self.archive(place).last ?? "")
            let text = try String(contentsOfFile: path, encoding: .utf8)
            let position = try #require(text.firstRange(of: /"position":\d+/))
            try text.replacingCharacters(in: position, with: "\"position\":1").write(
                toFile: path, atomically: true, encoding: .utf8)
            for command in ["verify", "checkpoint"] {
                let run = try await place.tally(command)
                #expect(run.exitCode == 65)
                #expect(run.errors.contains("signature does not match"), "\(run.errors)")
            }
        }
    }

    @Test("every witness is told of each checkpoint, a bucket with AWS's signature")
    func witnesses() async throws {
        try await withLedger { place in
            try await BillServer.with({ call, _ in
                .init(status: call.path == "/away" ? 503 : 200)
            }) { server in
                let file = place.dataDirectory + "/witness"
                let port = server.url.split(separator: ":").last ?? ""
                let bucket = "s3://bucket/tally/?region=eu-west-3&endpoint=http://127.0.0.1:\(port)"
                let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
                let environment = [
                    "TALLY_CHECKPOINT_WITNESS": "\(file), \(server.url)/hook,\(bucket)",
                    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": secret,
                ]
                var made: [String] = []
                for _ in 0..<2 {
                    let run = try await place.tally("checkpoint", environment: environment)
                    #expect(run.exitCode == 0, "\(run.errors)")
                    made.append(run.output)
                }
                let lines = try String(contentsOfFile: file, encoding: .utf8)
                #expect(lines == made.joined())
                let hooks = server.seen.filter { $0.path == "/hook" }
                #expect(hooks.map(\.method) == ["POST", "POST"])
                #expect(hooks.map { $0.body + "\n" } == made)
                let puts = server.seen.filter { $0.method == "PUT" }
                #expect(puts.map { $0.body + "\n" } == made)
                #expect(Set(puts.map(\.path)).count == 2)
                for put in puts {
                    #expect(put.path.hasPrefix("/bucket/tally/ledger-"))
                    #expect(put.headers["if-none-match"] == "*")
                    let seen = place.dataDirectory + "/request.json"
                    try JSONSerialization.data(withJSONObject: [
                        "method": put.method, "path": put.path, "headers": put.headers,
                        "body": put.body,
                    ]).write(to: URL(fileURLWithPath: seen))
                    let check = try await CommandRun.run(
                        "/usr/bin/env",
                        ["python3", Workplace.client("check_s3_signature.py"), seen, secret])
                    #expect(check.exitCode == 0, "\(check.errors)")
                }
                let away = try await place.tally(
                    "checkpoint",
                    environment: ["TALLY_CHECKPOINT_WITNESS": "\(server.url)/away"])
                #expect(away.exitCode == 65)
                #expect(away.errors.contains("did not take it: it answered 503"))
                let wrong = try await place.tally(
                    "checkpoint", environment: ["TALLY_CHECKPOINT_WITNESS": "ftp://x"])
                #expect(wrong.exitCode == 65)
            }
        }
    }
}
