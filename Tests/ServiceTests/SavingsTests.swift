import LedgerTesting
import Testing

/// `tally bench savings` with a small workload: what each part of the gateway saves.
@Suite("What the gateway saves", .serialized)
struct SavingsTests {
    /// A part, and whether it saves money or only calls.
    struct Part: Sendable, CustomTestStringConvertible {
        let name: String
        var savesMoney = true
        var savesCalls = false

        var testDescription: String { name }

        static let all = [
            Part(name: "cache", savesCalls: true), Part(name: "near_shadow", savesCalls: true),
            Part(name: "near", savesCalls: true), Part(name: "optimize"),
            Part(name: "coalesce", savesCalls: true),
            Part(name: "embeddings", savesMoney: false, savesCalls: true),
            Part(name: "batches"), Part(name: "cost"), Part(name: "affinity"),
            Part(name: "all", savesCalls: true),
        ]
    }

    @Test(
        "each part of the gateway saves, and answers stay as they were",
        .enabled(if: isSoaking, "needs TALLY_SOAK=1"), arguments: Part.all)
    func saves(_ part: Part) async throws {
        try await withPlace { place in
            let run = try await place.tally(
                "bench", "savings", "--events", "320", "--parts", "off,\(part.name)", "--json")
            #expect(run.exitCode == 0, "\(run)")
            let report = try run.json
            let off = try #require(report.cost_microdollars.double, "\(run)")
            #expect(off > 0 && report.saved_share == 0, "\(report)")
            #expect(report.equal_answers_share == 1, "\(report)")
            let measured = report.also[0]
            #expect(measured.name == JSONValue(stringLiteral: part.name), "\(report)")
            let saved = try #require(measured.saved_share.double, "\(report)")
            let calls = try #require(measured.saved_calls_share.double, "\(report)")
            // A share of a thousandth would be chance of rounding.
            if part.savesMoney { #expect(saved > 0.001, "\(report)") }
            if part.savesCalls { #expect(calls > 0.001, "\(report)") }
            #expect(measured.equal_answers_share == 1, "\(report)")
        }
    }

    @Test("a part that isn't there is refused", .enabled(if: isSoaking, "needs TALLY_SOAK=1"))
    func unknownPart() async throws {
        try await withPlace { place in
            let run = try await place.tally("bench", "savings", "--parts", "off,magic")
            #expect(run.exitCode == 65, "\(run)")
            #expect(run.errors.contains("there is no part magic"), "\(run)")
        }
    }
}
