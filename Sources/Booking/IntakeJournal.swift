package import EventReading
package import LedgerModel
import LedgerSQL
package import Postgres
import Synchronization

/// Something that did not become an event, or an event without a price, summed up by its reason.
package struct IntakeReason: Sendable {
    package enum Outcome: String, Sendable {
        case rejected, ignored, unpriced
    }

    /// The signal of telemetry, `events`, or the format of a file.
    package let source: String
    package let outcome: Outcome
    /// A sentence without what differs from case to case.
    package let reason: String
    package let count: Int64
    package let firstAt: Timestamp
    package let lastAt: Timestamp
    /// The last case, as its sender was told.
    package let example: String
}

/// Sums up what is rejected or ignored, until it is written to the database.
///
/// Each process has one. A reason is kept once however often it is met, and there is a limit to
/// their number, so that a sender of nonsense fills neither memory nor table.
package final class IntakeJournal: Sendable {
    private struct Key: Hashable {
        let ledger: LedgerID
        let source: String
        let outcome: IntakeReason.Outcome
        let reason: String
    }

    private struct Sum {
        var count: Int64
        var firstAt: Timestamp
        var lastAt: Timestamp
        var example: String

        /// The sum of this and of what came before.
        func after(_ earlier: Sum?) -> Sum {
            guard let earlier else { return self }
            var sum = self
            sum.count += earlier.count
            sum.firstAt = earlier.firstAt
            return sum
        }
    }

    private struct State {
        /// What has to be written, and what has to be logged.
        var unwritten: [Key: Sum] = [:]
        var unlogged: [Key: Sum] = [:]
        /// Reasons that were met, and when each was logged last.
        var logged: [Key: Timestamp] = [:]
    }

    private let state = Mutex(State())

    /// Reasons that a process tells apart; further ones are counted together.
    package static let reasonsMax = 1_000
    /// How long a reason is not logged again, in microseconds.
    private static let silence: Int64 = 60_000_000
    private static let exampleBytesMax = 1_024
    private static let reasonBytesMax = 240
    private static let unlisted = "another reason; too many events of one body are rejected"
    private static let others = "another reason; too many are met to keep them apart"

    package init() {}

    /// Notes a case, or some of the same kind; returns the reason under which it is counted.
    @discardableResult
    package func note(
        _ sentence: String, of example: String?, source: String, outcome: IntakeReason.Outcome,
        count: Int = 1, in ledger: LedgerID, at now: Timestamp
    ) -> String {
        let told = example.map { "\($0): \(sentence)" } ?? sentence
        return state.withLock { state in
            var key = Key(
                ledger: ledger, source: source, outcome: outcome,
                reason: Self.reason(of: sentence))
            if state.logged[key] == nil {
                if state.logged.count >= Self.reasonsMax {
                    key = Key(
                        ledger: ledger, source: source, outcome: outcome, reason: Self.others)
                }
                if state.logged[key] == nil { state.logged[key] = .earliest }
            }
            let sum = Sum(
                count: Int64(count), firstAt: now, lastAt: now,
                example: Self.cut(told, Self.exampleBytesMax))
            state.unwritten[key] = sum.after(state.unwritten[key])
            state.unlogged[key] = sum.after(state.unlogged[key])
            return key.reason
        }
    }

    /// Writes what was noted.
    package func write(to pool: Pool) async throws {
        let taken = state.withLock { state in
            defer { state.unwritten = [:] }
            return state.unwritten
        }
        if taken.isEmpty { return }
        let rows = taken.map { key, sum in (ledger: key.ledger, reason: Self.reason(key, sum)) }
        do {
            try await pool.session { session in
                _ = try session.execute(WriteIntakeReasons(rows: rows))
            }
        } catch {
            state.withLock { state in
                for (key, sum) in taken {
                    state.unwritten[key] = state.unwritten[key]?.after(sum) ?? sum
                }
            }
            throw error
        }
    }

    /// What should be logged now: each reason once in a minute, with what came meanwhile.
    package func log(at now: Timestamp) -> [IntakeReason] {
        state.withLock { state in
            let due = state.unlogged.filter { key, _ in
                now.microseconds - (state.logged[key] ?? .earliest).microseconds >= Self.silence
            }
            for key in due.keys {
                state.logged[key] = now
                state.unlogged[key] = nil
            }
            return due.map { Self.reason($0, $1) }
        }
    }

    /// What is known of a ledger, the newest first.
    package static func list(of ledger: LedgerID, in pool: Pool) async throws -> [IntakeReason] {
        try await pool.session { try $0.run(ListIntakeReasons(ledger: ledger)) }
    }

    private static func reason(_ key: Key, _ sum: Sum) -> IntakeReason {
        IntakeReason(
            source: key.source, outcome: key.outcome, reason: key.reason, count: sum.count,
            firstAt: sum.firstAt, lastAt: sum.lastAt, example: sum.example)
    }

    // MARK: Reasons

    /// A sentence without its numbers and quoted texts, which differ from case to case.
    package static func reason(of sentence: String) -> String {
        var reason = ""
        var isQuoted = false
        var isInNumber = false
        for scalar in sentence.unicodeScalars {
            if scalar == "\"" {
                isQuoted.toggle()
                reason += isQuoted ? "\"…" : "\""
                isInNumber = false
                continue
            }
            if isQuoted { continue }
            let isDigit = ("0"..."9").contains(scalar)
            let isInWord =
                reason.unicodeScalars.last.map { $0 == "_" || $0.properties.isAlphabetic } ?? false
            if isDigit, isInNumber || !isInWord {
                if !isInNumber { reason += "N" }
                isInNumber = true
                continue
            }
            isInNumber = false
            reason.unicodeScalars.append(scalar)
        }
        return cut(reason, reasonBytesMax)
    }

    private static func cut(_ text: String, _ bytes: Int) -> String {
        let clean = text.utf8.contains(0) ? text.filter { $0 != "\0" } : text
        guard clean.utf8.count > bytes else { return clean }
        return String(decoding: clean.utf8.prefix(bytes - 3), as: UTF8.self) + "…"
    }
}

/// Adds to the sums in the database.
struct WriteIntakeReasons: Statement {
    static let sql = """
        INSERT INTO tally.intake_reasons AS known (
            ledger_id, source, outcome, reason, count, first_at, last_at, example)
        SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[],
            $6::timestamptz[], $7::timestamptz[], $8::text[])
        ON CONFLICT (ledger_id, source, outcome, reason) DO UPDATE SET
            count = known.count + excluded.count,
            first_at = least(known.first_at, excluded.first_at),
            last_at = greatest(known.last_at, excluded.last_at),
            example = excluded.example
        """
    static let columns = Columns()
    let rows: [(ledger: LedgerID, reason: IntakeReason)]
    var parameters: Parameters {
        Parameters(
            rows.map(\.ledger.number), rows.map(\.reason.source),
            rows.map(\.reason.outcome.rawValue), rows.map(\.reason.reason),
            rows.map(\.reason.count), rows.map(\.reason.firstAt), rows.map(\.reason.lastAt),
            rows.map(\.reason.example))
    }
}

struct ListIntakeReasons: Statement {
    static let sql = """
        SELECT source, outcome, reason, count, first_at, last_at, example
        FROM tally.intake_reasons WHERE ledger_id = $1
        ORDER BY last_at DESC, source, outcome, reason LIMIT 1000
        """
    static let columns = Columns(
        String.self, String.self, String.self, Int64.self, Timestamp.self, Timestamp.self,
        String.self)
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
    typealias Row = IntakeReason

    static func row(
        _ cells: (String, String, String, Int64, Timestamp, Timestamp, String)
    ) throws(PostgresError) -> IntakeReason {
        IntakeReason(
            source: cells.0, outcome: IntakeReason.Outcome(rawValue: cells.1) ?? .rejected,
            reason: cells.2, count: cells.3, firstAt: cells.4, lastAt: cells.5, example: cells.6)
    }
}

extension IntakeJournal {
    private struct Case {
        let outcome: IntakeReason.Outcome
        let sentence: String
        let example: String?
        let count: Int
    }

    /// Notes what did not become an event, or has no price, and returns it by the reasons under
    /// which it is counted.
    @discardableResult
    package func note(
        _ report: IntakeReport, _ tally: TelemetryTally? = nil, from source: String,
        in ledger: LedgerID, at now: Timestamp
    ) -> [(outcome: IntakeReason.Outcome, reason: String, count: Int)] {
        var cases: [Case] = []
        for line in report.lines where line.status == .rejected || line.status == .conflict {
            let sentence = line.reason ?? line.status.rawValue
            cases.append(Case(outcome: .rejected, sentence: sentence, example: line.id, count: 1))
        }
        let unlisted = report.rejected + report.conflicts - cases.count
        if unlisted > 0 {
            cases.append(
                Case(outcome: .rejected, sentence: Self.unlisted, example: nil, count: unlisted))
        }
        for (sentence, count, example) in tally?.ignoredReasons ?? [] {
            cases.append(
                Case(outcome: .ignored, sentence: sentence, example: example, count: count))
        }
        if let (count, example) = tally?.uncountedCalls {
            cases.append(
                Case(
                    outcome: .unpriced, sentence: TelemetryTally.uncountedAdvice,
                    example: example, count: count))
        }
        return cases.map { found in
            let reason = note(
                found.sentence, of: found.example, source: source, outcome: found.outcome,
                count: found.count, in: ledger, at: now)
            return (found.outcome, reason, found.count)
        }
    }
}
