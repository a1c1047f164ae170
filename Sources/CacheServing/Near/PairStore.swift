import LedgerModel
import LedgerSQL
import Postgres
import Similarity
import Synchronization

/// What was learnt about pairs, in the database: shared by all instances, and kept over restarts.
final class PairStore: Sendable {
    private let pool: Pool
    /// Up to when pairs and tallies were read.
    private let place = Mutex((pairs: Timestamp.earliest, tallies: Timestamp.earliest))

    struct News {
        var pairs: [ReadSimilarPairs.Row] = []
        var tallies: [ReadSimilarTallies.Row] = []
    }

    /// Rows read in one statement.
    static let rowsMax = 10_000
    /// A transaction that is committed later than another may bear an earlier time.
    private static let overlapMicroseconds: Int64 = 30_000_000

    init(pool: Pool) { self.pool = pool }

    func write(
        _ pairs: [(Evidence.PairID, Evidence.Pair)], _ tallies: [UInt64: Tally]
    ) async throws {
        if pairs.isEmpty, tallies.isEmpty { return }
        // In one order everywhere, so that two instances don't lock each other out.
        let pairs = pairs.sorted { $0.0.low.bytes.lexicographicallyPrecedes($1.0.low.bytes) }
        let sums = tallies.sorted { $0.key < $1.key }
        try await pool.transaction { session in
            _ = try session.execute(WriteSimilarPairs(rows: pairs))
            _ = try session.execute(WriteSimilarTallies(rows: sums.map { ($0.key, $0.value) }))
        }
    }

    func write(_ id: Evidence.PairID, _ verdict: Evidence.Verdict) async throws {
        try await pool.session { session in
            _ = try session.execute(WriteSimilarVerdict(id: id, verdict: verdict))
        }
    }

    /// What changed since the last time, as far as one statement goes.
    func read() async throws -> News {
        let from = place.withLock { $0 }
        let news = try await pool.session { session in
            News(
                pairs: try session.run(ReadSimilarPairs(since: from.pairs)),
                tallies: try session.run(ReadSimilarTallies(since: from.tallies)))
        }
        place.withLock { place in
            place.pairs = Self.next(from.pairs, news.pairs.map(\.changedAt))
            place.tallies = Self.next(from.tallies, news.tallies.map(\.changedAt))
        }
        return news
    }

    /// A full page goes on where it ends; otherwise the last seconds are read again.
    private static func next(_ from: Timestamp, _ times: [Timestamp]) -> Timestamp {
        guard let last = times.last else { return from }
        if times.count >= rowsMax { return last }
        return max(from, last.advanced(byMicroseconds: -overlapMicroseconds))
    }
}

struct WriteSimilarPairs: Statement {
    static let sql = """
        INSERT INTO tally.similar_pairs AS known (
            ledger_id, low, high, agreements, is_refuted)
        SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bigint[], $5::boolean[])
        ON CONFLICT (ledger_id, low, high) DO UPDATE SET
            agreements = greatest(known.agreements, excluded.agreements),
            is_refuted = known.is_refuted OR excluded.is_refuted, changed_at = clock_timestamp()
        """
    static let columns = Columns()
    let rows: [(Evidence.PairID, Evidence.Pair)]
    var parameters: Parameters {
        Parameters(
            rows.map(\.0.ledger.number), rows.map(\.0.low), rows.map(\.0.high),
            rows.map { Int64($0.1.agreements) }, rows.map(\.1.isRefuted))
    }
}

/// A person's word ends an earlier refutation; a judge does not overrule a person.
struct WriteSimilarVerdict: Statement {
    static let sql = """
        INSERT INTO tally.similar_pairs AS known (
            ledger_id, low, high, agreements, is_refuted, is_same, is_person)
        VALUES ($1, $2, $3, 0, false, $4, $5)
        ON CONFLICT (ledger_id, low, high) DO UPDATE SET
            is_same = excluded.is_same, is_person = excluded.is_person,
            is_refuted = known.is_refuted AND NOT (excluded.is_person AND excluded.is_same),
            changed_at = clock_timestamp()
        WHERE excluded.is_person OR known.is_person IS NOT TRUE
        """
    static let columns = Columns()
    let id: Evidence.PairID
    let verdict: Evidence.Verdict
    var parameters: Parameters {
        Parameters(id.ledger, id.low, id.high, verdict.isSame, verdict.isPerson)
    }
}

struct WriteSimilarTallies: Statement {
    static let sql = """
        INSERT INTO tally.similar_tallies AS known (subject, agreed, disagreed)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[])
        ON CONFLICT (subject) DO UPDATE SET
            agreed = known.agreed + excluded.agreed,
            disagreed = known.disagreed + excluded.disagreed, changed_at = clock_timestamp()
        """
    static let columns = Columns()
    let rows: [(subject: UInt64, tally: Tally)]
    var parameters: Parameters {
        Parameters(
            rows.map { Int64(bitPattern: $0.subject) }, rows.map { Int64($0.tally.agreed) },
            rows.map { Int64($0.tally.disagreed) })
    }
}

struct ReadSimilarPairs: Statement {
    static let sql = """
        SELECT ledger_id, low, high, agreements, is_refuted, is_same, is_person, changed_at
        FROM tally.similar_pairs WHERE changed_at >= $1
        ORDER BY changed_at, low, high LIMIT 10000
        """
    static let columns = Columns(
        LedgerID.self, Digest.self, Digest.self, Int64.self, Bool.self, Bool?.self, Bool?.self,
        Timestamp.self)
    let since: Timestamp
    var parameters: Parameters { Parameters(since) }

    struct Row {
        let id: Evidence.PairID
        let agreements: Int
        let isRefuted: Bool
        let verdict: Evidence.Verdict?
        let changedAt: Timestamp
    }

    static func row(
        _ cells: (LedgerID, Digest, Digest, Int64, Bool, Bool?, Bool?, Timestamp)
    ) throws(PostgresError) -> Row {
        Row(
            id: Evidence.PairID(cells.0, cells.1, cells.2), agreements: Int(cells.3),
            isRefuted: cells.4,
            verdict: cells.5.map { .init(isSame: $0, isPerson: cells.6 == true) },
            changedAt: cells.7)
    }
}

struct ReadSimilarTallies: Statement {
    static let sql = """
        SELECT subject, agreed, disagreed, changed_at
        FROM tally.similar_tallies WHERE changed_at >= $1
        ORDER BY changed_at, subject LIMIT 10000
        """
    static let columns = Columns(Int64.self, Int64.self, Int64.self, Timestamp.self)
    let since: Timestamp
    var parameters: Parameters { Parameters(since) }

    struct Row {
        let subject: UInt64
        let tally: Tally
        let changedAt: Timestamp
    }

    static func row(
        _ cells: (Int64, Int64, Int64, Timestamp)
    ) throws(PostgresError) -> Row {
        Row(
            subject: UInt64(bitPattern: cells.0),
            tally: Tally(agreed: Int(cells.1), disagreed: Int(cells.2)), changedAt: cells.3)
    }
}
