import Foundation
import Testing

/// The ledger that a new user meets first.
@Suite("The sample ledger")
struct SampleTests {
    @Test("the sample shows what every command is about, twice no more than once, and verifies")
    func sample() async throws {
        try await withPlace { place in
            for _ in 0..<2 {
                try await withService(on: place, options: ["--sample"]) { _ in }
            }
            let facts = try await place.psql(
                """
                SELECT count(DISTINCT date_trunc('day', occurred_at)) BETWEEN 59 AND 61,
                    count(DISTINCT team) >= 5, count(DISTINCT session_id) > 100,
                    count(*) FILTER (WHERE kind = 1) BETWEEN 15000 AND 60000,
                    count(*) FILTER (WHERE kind = 2 AND error_type IS NOT NULL) > 100,
                    count(*) FILTER (WHERE kind = 10 AND unpriced IS NOT NULL) > 100,
                    count(*) FILTER (WHERE kind = 11 AND amount_pico < 0) > 100,
                    count(*) FILTER (WHERE cache_write_input_tokens > 0) > 100,
                    count(*) FILTER (WHERE time_to_first_token_us > 0) > 100,
                    count(*) FILTER (WHERE kind = 41 AND saved_pico > 0) > 100,
                    count(*) FILTER (WHERE kind = 111) > 100,
                    count(*) FILTER (WHERE kind = 50) = 2
                FROM tally.events
                """)
            #expect(Set(facts.split(separator: "|")) == ["t"], "\(facts)")
            let answers = [
                (["verify"], "is intact"), (["recommend", "--days", "30"], "a timestamp"),
                (["experiments", "show", "short-answers"], "short"),
                (["budgets", "list"], "people"), (["budgets", "check"], "every budget"),
                (["unpriced"], "prototype-7b"), (["errors"], "rate_limit_exceeded"),
            ]
            for (command, words) in answers {
                let run = try await CommandRun.tally(
                    command + ["--ledger", "sample"] + place.arguments)
                #expect(run.exitCode == 0 && run.output.contains(words), "\(command): \(run)")
            }
        }
    }
}
