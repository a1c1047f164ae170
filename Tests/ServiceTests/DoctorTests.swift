import Foundation
import Glibc
import LedgerTesting
import Testing

/// `tally doctor`: each fault is found, and what to do about it is said.
@Suite("Doctor", .serialized)
struct DoctorTests {
    /// The verdict of each check, by name; the last one of several.
    private static func verdicts(_ run: CommandRun) throws -> [String: String] {
        let checks = try run.json.checks.items.map {
            ($0.check.string ?? "", $0.verdict.string ?? "")
        }
        return Dictionary(checks, uniquingKeysWith: { $1 })
    }

    @Test("a deployment in order has no fault, and each fault is found with its remedy")
    func faults() async throws {
        try await withEmbeddedPlace { place in
            try await withService(on: place) { service in
                _ = try await service.client().ingest(EventText("a").text)
                let key = place.dataDirectory + "/checkpoint.key"
                try await poll("a checkpoint was written") {
                    let names = try? FileManager.default.contentsOfDirectory(
                        atPath: place.dataDirectory + "/checkpoints")
                    return names?.contains { $0.hasSuffix(".json") } == true
                }
                let good = try await place.tally("doctor", "--json")
                #expect(good.exitCode == 0, "\(good.output)\(good.errors)")
                let verdicts = try Self.verdicts(good)
                for name in [
                    "database", "service role", "audit roles", "durability", "page checksums",
                    "replication", "clock", "connections", "listener", "subscriptions",
                    "data directory", "secrets", "signing key", "checkpoint",
                ] {
                    #expect(verdicts[name] == "ok", "\(name): \(good.output)")
                }
                #expect(verdicts["API keys"] == "warning" && verdicts["witnesses"] == "warning")

                func expect(
                    _ check: String, _ remedy: String, _ arguments: [String] = [],
                    after mutation: () async throws -> Void,
                    undone: () async throws -> Void
                ) async throws {
                    try await mutation()
                    let run = try await CommandRun.tally(
                        ["doctor"] + arguments + place.arguments)
                    #expect(run.exitCode == 1, "\(check)")
                    let line = run.output.split(separator: "\n").first { $0.hasPrefix("fault") }
                    #expect(line?.contains(check) == true, "\(run.output)")
                    #expect(line?.contains(remedy) == true, "\(run.output)")
                    try await undone()
                }
                try await expect("secrets", "chmod 600") {
                    chmod(key, 0o644)
                } undone: {
                    chmod(key, 0o600)
                }
                try await expect("data directory", "chmod go-w") {
                    chmod(place.dataDirectory, 0o777)
                } undone: {
                    chmod(place.dataDirectory, 0o711)
                }
                try await expect("service role", "revoke that") {
                    _ = try await place.psql("GRANT UPDATE ON tally.events TO tally_service")
                } undone: {
                    _ = try await place.psql("REVOKE UPDATE ON tally.events FROM tally_service")
                }
                try await expect("durability", "switch it on") {
                    _ = try await place.psql(
                        "ALTER ROLE tally_service SET synchronous_commit = off")
                } undone: {
                    _ = try await place.psql("ALTER ROLE tally_service RESET ALL")
                }
                try await expect("API keys", "tally keys create", ["--listen", "0.0.0.0:8080"]) {
                } undone: {
                }
                let aside = key + ".aside"
                try await expect("signing key", "restore it") {
                    try FileManager.default.moveItem(atPath: key, toPath: aside)
                } undone: {
                    try FileManager.default.moveItem(atPath: aside, toPath: key)
                }
                #expect(try await place.tally("doctor").exitCode == 0, "all was undone")
            }
        }
    }

    @Test("without a database the files are checked, and the exit code is 1")
    func withoutDatabase() async throws {
        try await withScratchDirectory { directory in
            let run = try await CommandRun.tally(["doctor", "--json", "--data-dir", directory])
            #expect(run.exitCode == 1)
            let verdicts = try Self.verdicts(run)
            #expect(verdicts["database"] == "fault" && verdicts["data directory"] == "ok")
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
        }
    }
}
