import CacheServing
import Caching
import LedgerModel
import Postgres
import Similarity
import StoreTesting
import Testing

@Suite("Answers to similar questions")
struct NearAnswersTests {
    private let now = Timestamp(year: 2026, month: 11, day: 30)

    private func question(
        _ text: String, ledger: LedgerID = LedgerID(1), team: Name? = "support"
    ) throws -> NearQuestion {
        let body = Array(
            #"{"model":"m","temperature":0,"messages":[{"role":"user","content":"\#(text)"}]}"#.utf8
        )
        let canonical = try CanonicalRequest(body, dialect: .chatCompletions)
        let (key, check) = canonical.key(
            in: CachePartition(ledger: ledger, scope: .team(team)))
        return try #require(
            NearQuestion(
                body, dialect: .chatCompletions, key: key, check: check, ledger: ledger, team: team)
        )
    }

    @Test("a similar question is found, but not served on its likeness")
    func shadow() async throws {
        try await TestLedger.with { ledger in
            let near = NearAnswers(embeddings: nil, pool: ledger.pool)
            let (stored, asked) = try (
                question("How do I reset my password?"), question("how can i reset my password")
            )
            await near.stored(stored, AnswerPrint("Click on it."), at: now)
            #expect(await near.find(asked, .off, at: now) == nil)
            for setting in [NearSetting.shadow, .verified] {
                let found = try #require(await near.find(asked, setting, at: now))
                #expect(found.neighbour == stored.key && found.neighbourCheck == stored.check)
                #expect(!found.serve && found.verifiedBy == nil && found.differences == [])
            }
            let other = try question("how can i reset my password", team: "sales")
            #expect(await near.find(other, .verified, at: now) == nil)
            await near.forget([stored.key])
            #expect(await near.find(asked, .verified, at: now) == nil)
        }
    }

    @Test("a person's word serves on every instance, in shadow only as a finding")
    func verdict() async throws {
        try await TestLedger.with { ledger in
            let (a, b) = (
                NearAnswers(embeddings: nil, pool: ledger.pool),
                NearAnswers(embeddings: nil, pool: ledger.pool)
            )
            let (stored, asked) = try (
                question("How do I reset my password?"), question("how can i reset my password")
            )
            await b.stored(stored, AnswerPrint("Click on it."), at: now)
            try await a.judge(
                PairVerdict(
                    ledger: LedgerID(1), asked: asked.key, stored: stored.key, isSame: true,
                    by: .person), at: now)
            try await b.exchange()
            let served = try #require(await b.find(asked, .verified, at: now))
            #expect(served.serve && served.verifiedBy == .person)
            let shadow = try #require(await b.find(asked, .shadow, at: now))
            #expect(!shadow.serve && shadow.verifiedBy == .person)
            // The answer to the asked question turns out to be another one.
            await b.stored(asked, AnswerPrint("Ask an administrator."), at: now)
            try await b.exchange()
            try await a.exchange()
            await a.stored(stored, nil, at: now)
            let refuted = try #require(await a.find(asked, .verified, at: now))
            #expect(!refuted.serve && refuted.verifiedBy == nil)
        }
    }

    @Test("what one instance counted, another knows, and a second exchange adds nothing")
    func tallies() async throws {
        try await TestLedger.with { ledger in
            let near = NearAnswers(embeddings: nil, pool: ledger.pool)
            for number in 0..<20 {
                await near.stored(
                    try question("question number \(number)"), AnswerPrint("\(number)"), at: now)
            }
            try await near.exchange()
            let once = try await ledger.pool.session { try $0.run(SumTallies()) }
            try await near.exchange()
            #expect(try await ledger.pool.session { try $0.run(SumTallies()) } == once)
        }
    }

    private struct SumTallies: Statement {
        static let sql =
            "SELECT coalesce(sum(agreed + disagreed), 0)::bigint FROM tally.similar_tallies"
        static let columns = Columns(Int64.self)
        var parameters: Parameters { Parameters() }
        static func row(_ cells: Int64) throws(PostgresError) -> Int64 { cells }
    }
}
