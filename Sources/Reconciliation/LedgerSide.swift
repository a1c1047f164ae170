import EventStore
package import LedgerModel
import LedgerSQL
import Postgres

/// The requests and bookings of a ledger on some days, grouped as prices require, at one position.
package struct LedgerSide: Sendable {
    package var position: Int64
    package var groups: [LedgerGroup]
    /// The bookings of earlier reconciliations, in the order of their positions.
    package var bookings: [ReconciledBooking]
    /// The bounds of input that separate the levels of the groups.
    package var bounds: [Int64]

    package init(
        position: Int64, groups: [LedgerGroup], bookings: [ReconciledBooking] = [],
        bounds: [Int64] = []
    ) {
        self.position = position
        self.groups = groups
        self.bookings = bookings
        self.bounds = bounds
    }

    /// Reads whole days, in one snapshot.
    static func read(
        _ days: Range<Timestamp>, of ledger: LedgerID, bounds: [Int64], from pool: Pool
    ) async throws -> LedgerSide {
        let range = DayRange(ledger: ledger, days: days)
        return try await pool.transaction(isolation: .repeatableRead, readOnly: true) { session in
            LedgerSide(
                position: try HistoryPage.end(of: ledger, in: session),
                groups: try session.run(SumRequests(range: range, bounds: bounds)),
                bookings: try session.run(ListBookings(range: range)), bounds: bounds)
        }
    }
}

/// Requests of one day, model, tier, region and level of input, with their charges.
package struct LedgerGroup: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        case priced
        /// The latest charge says that there is no price.
        case unpriced
        /// The request failed before anything was used, so it is not billed.
        case uncharged
    }

    package var day: Timestamp
    package var provider: Name?
    package var model: Name
    package var tier: Name?
    package var region: Name?
    /// The number of bounds that the input of each request exceeds.
    package var level: Int = 0
    package var state = State.priced
    package var requests: Int64
    package var charged: PicodollarSum
    /// Stored counts of each unit, without its parts.
    package var counts: [UsageUnit: Int64]

    package init(
        day: Timestamp, provider: Name?, model: Name, requests: Int64, charged: PicodollarSum,
        counts: [UsageUnit: Int64]
    ) {
        self.day = day
        self.provider = provider
        self.model = model
        self.requests = requests
        self.charged = charged
        self.counts = counts
    }
}

/// A `charge.reconciled` event: the booking for a day and a model of a bill.
package struct ReconciledBooking: Hashable, Sendable {
    package let id: EventID
    package let day: Timestamp
    package let provider: Name?
    package let model: Name?
    package let amount: PicodollarSum

    package init(
        id: EventID, day: Timestamp, provider: Name?, model: Name?, amount: PicodollarSum
    ) {
        self.id = id
        self.day = day
        self.provider = provider
        self.model = model
        self.amount = amount
    }
}

extension LedgerGroup {
    /// The counts of each unit without its parts, from sums in the order of the units.
    ///
    /// Cached audio is part of both cached and audio input, so it is subtracted from each once.
    static func ownCounts(_ sums: [Int64?]) -> [UsageUnit: Int64] {
        func sum(_ unit: UsageUnit) -> Int64 { sums[Int(unit.rawValue)] ?? 0 }
        let audio = sum(.inputAudioTokens) - sum(.cacheReadAudioTokens)
        let image = sum(.inputImageTokens) - sum(.cacheReadImageTokens)
        var own: [UsageUnit: Int64] = [:]
        for unit in UsageUnit.allCases where unit != .reasoningOutputTokens {
            own[unit] = sum(unit)
        }
        own[.inputTokens] =
            sum(.inputTokens) - sum(.cacheReadInputTokens) - sum(.cacheWriteInputTokens)
            - sum(.cacheWriteOneHourInputTokens) - audio - image
        own[.cacheReadInputTokens] =
            sum(.cacheReadInputTokens) - sum(.cacheReadAudioTokens) - sum(.cacheReadImageTokens)
        own[.inputAudioTokens] = audio
        own[.inputImageTokens] = image
        own[.outputTokens] =
            sum(.outputTokens) - sum(.outputAudioTokens) - sum(.outputImageTokens)
        return own.filter { $0.value != 0 }
    }
}

// MARK: - Statements

/// Days of a ledger, with the range of their events' ids.
struct DayRange: Sendable {
    let ledger: LedgerID
    let days: Range<Timestamp>

    private static let day = Timestamp.dayMicroseconds

    /// The time in an id lies within a day of its event.
    var firstID: EventID {
        .first(of: days.lowerBound.advanced(byMicroseconds: -Self.day).month)
    }
    var endID: EventID {
        .first(of: days.upperBound.advanced(byMicroseconds: Self.day).month.next)
    }

    var parameters: Parameters {
        Parameters(ledger, days.lowerBound, days.upperBound, firstID, endID)
    }
}

/// Requests joined with the sum of their charges, which carry the same time.
struct SumRequests: Statement {
    static let sql = """
        WITH charges AS (
            SELECT cause_id, sum(amount_pico) AS cost_pico,
                (array_agg(unpriced IS NULL ORDER BY position DESC))[1] AS is_priced
            FROM tally.events
            WHERE ledger_id = $1 AND kind IN (10, 11) AND occurred_at >= $2 AND occurred_at < $3
                AND event_id >= $4 AND event_id < $5
            GROUP BY cause_id
        )
        SELECT date_bin('1 day', occurred_at, '2000-01-01T00:00:00Z') AS day, provider, model,
            service_tier, region, width_bucket(coalesce(input_tokens, 0), $6::bigint[]) AS level,
            is_priced, count(*), coalesce(sum(cost_pico), 0), ARRAY[
                sum(input_tokens), sum(cache_read_input_tokens), sum(cache_write_input_tokens),
                sum(cache_write_1h_input_tokens), sum(output_tokens),
                sum(reasoning_output_tokens), sum(input_audio_tokens), sum(output_audio_tokens),
                sum(cache_read_audio_tokens), sum(input_image_tokens), sum(output_image_tokens),
                sum(cache_read_image_tokens), sum(input_us), sum(output_us),
                sum(input_characters), sum(web_searches), sum(images), sum(requests)]::bigint[]
        FROM tally.events AS requests LEFT JOIN charges ON charges.cause_id = requests.event_id
        WHERE ledger_id = $1 AND kind IN (1, 2) AND occurred_at >= $2 AND occurred_at < $3
            AND event_id >= $4 AND event_id < $5
        GROUP BY day, provider, model, service_tier, region, level, is_priced
        """
    static let columns = Columns(
        Timestamp.self, String?.self, String?.self, String?.self, String?.self, Int32.self,
        Bool?.self, Int64.self, PicodollarSum.self, [Int64?].self)
    let range: DayRange
    /// Bounds apply strictly above, so the levels begin one token higher.
    let bounds: [Int64]
    var parameters: Parameters {
        var parameters = range.parameters
        parameters.append(bounds.map { $0 + 1 })
        return parameters
    }
    typealias Row = LedgerGroup

    static func row(
        _ cells: (
            Timestamp, String?, String?, String?, String?, Int32, Bool?, Int64, PicodollarSum,
            [Int64?]
        )
    ) throws(PostgresError) -> LedgerGroup {
        var group = LedgerGroup(
            day: cells.0, provider: cells.1.map { Name($0) }, model: Name(cells.2 ?? ""),
            requests: cells.7, charged: cells.8, counts: LedgerGroup.ownCounts(cells.9))
        group.tier = cells.3.map { Name($0) }
        group.region = cells.4.map { Name($0) }
        group.level = Int(cells.5)
        group.state = cells.6.map { $0 ? .priced : .unpriced } ?? .uncharged
        return group
    }
}

struct ListBookings: Statement {
    static let sql = """
        SELECT event_id, date_bin('1 day', occurred_at, '2000-01-01T00:00:00Z'), provider, model,
            coalesce(amount_pico, 0)::numeric
        FROM tally.events
        WHERE ledger_id = $1 AND kind = 12 AND occurred_at >= $2 AND occurred_at < $3
            AND event_id >= $4 AND event_id < $5
        ORDER BY position
        """
    static let columns = Columns(
        EventID.self, Timestamp.self, String?.self, String?.self, PicodollarSum.self)
    let range: DayRange
    var parameters: Parameters { range.parameters }
    typealias Row = ReconciledBooking

    static func row(
        _ cells: (EventID, Timestamp, String?, String?, PicodollarSum)
    ) throws(PostgresError) -> ReconciledBooking {
        ReconciledBooking(
            id: cells.0, day: cells.1, provider: cells.2.map { Name($0) },
            model: cells.3.map { Name($0) }, amount: cells.4)
    }
}
