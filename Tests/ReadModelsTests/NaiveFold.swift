import LedgerModel
import LedgerSQL
import Postgres
import StoreTesting

/// The read models, computed in the most obvious way.
struct NaiveFold: Equatable {
    struct SpendKey: Hashable {
        let grain: Int32
        let startsAt: Timestamp
        let names: [String?]
    }

    struct SpendValue: Equatable {
        var requests: Int64 = 0
        var failed: Int64 = 0
        var charges: Int64 = 0
        var unpriced: Int64 = 0
        var cost = PicodollarSum.zero
        var usage: [Int128?] = Array(repeating: nil, count: UsageUnit.allCases.count)
    }

    var spend: [SpendKey: SpendValue] = [:]
    var users: [String: [Int128]] = [:]
    var providers: [String: [Int128]] = [:]
    var timings: [String: Int64] = [:]
    var unpriced: [String: [Int128]] = [:]

    static let dimensions: [Dimension] = [
        .app, .team, .project, .environment, .feature, .provider, .model, .operation,
        .serviceTier, .region,
    ]

    init(_ events: [Event]) {
        let byID = Dictionary(uniqueKeysWithValues: events.map { ($0.id, $0) })
        for event in events where event.kind.isRequest || event.kind.isCharge {
            let previous = event.previousID.flatMap { byID[$0] }
            let hour = event.occurredAt.advanced(
                byMicroseconds: -(event.occurredAt.timeOfDay % Timestamp.hourMicroseconds))
            addSpend(event, previous, grain: 1, at: hour)
            addSpend(event, previous, grain: 24, at: event.occurredAt.startOfDay)
            addDays(event, previous)
            addUnpriced(event, previous, byID)
        }
        unpriced = unpriced.filter { $0.value[0] != 0 }
    }

    private static func rated(_ event: Event, _ previous: Event?) -> Int64 {
        (event.unpriced != nil ? 1 : 0)
            - (event.kind == .chargeAdjusted && previous?.unpriced != nil ? 1 : 0)
    }

    private mutating func addSpend(
        _ event: Event, _ previous: Event?, grain: Int32, at start: Timestamp
    ) {
        let key = SpendKey(
            grain: grain, startsAt: start,
            names: Self.dimensions.map { event.dimensions[$0]?.string })
        var value = spend[key] ?? SpendValue()
        if event.kind.isRequest {
            value.requests += 1
            value.failed += event.kind == .requestFailed ? 1 : 0
            for unit in event.usage.units {
                let index = Int(unit.rawValue)
                value.usage[index] = (value.usage[index] ?? 0) + Int128(event.usage.value(unit))
            }
        } else {
            value.charges += 1
            value.unpriced += Self.rated(event, previous)
            if let amount = event.amount { value.cost += amount }
        }
        spend[key] = value
    }

    private mutating func addDays(_ event: Event, _ previous: Event?) {
        let day = event.occurredAt.dayDescription
        let usage = [UsageUnit.inputTokens, .cacheReadInputTokens, .outputTokens].map {
            event.kind.isRequest ? Int128(event.usage.value($0)) : 0
        }
        let counts: [Int128] = [
            event.kind.isRequest ? 1 : 0, event.kind == .requestFailed ? 1 : 0,
            event.kind.isCharge ? Int128(event.amount?.amount ?? 0) : 0,
        ]
        let user = event.dimensions[.user]?.string ?? "NULL"
        Self.add(counts + usage, to: &users["\(day) \(user)", default: []])
        let names = [Dimension.provider, .model, .serviceTier, .region].map {
            event.dimensions[$0]?.string ?? "NULL"
        }
        let provider = ([day] + names).joined(separator: " ")
        let unpriced = event.kind.isCharge ? Int128(Self.rated(event, previous)) : 0
        Self.add(counts + [unpriced] + usage, to: &providers[provider, default: []])
        guard event.kind.isRequest else { return }
        for (metric, value) in [(1, event.latency), (2, event.timeToFirstToken)] {
            guard let value else { continue }
            timings["\(provider) \(metric) \(Self.bucket(value))", default: 0] += 1
        }
    }

    private mutating func addUnpriced(
        _ event: Event, _ previous: Event?, _ byID: [EventID: Event]
    ) {
        for (charge, sign) in [(event, 1), (previous, -1)] as [(Event?, Int128)] {
            guard let charge, let reason = charge.unpriced, event.kind.isCharge else { continue }
            let request = charge.causeID.flatMap { byID[$0] }
            let names = [Dimension.provider, .model, .serviceTier].map {
                charge.dimensions[$0]?.string ?? "NULL"
            }
            let key = ([charge.occurredAt.dayDescription] + names + [reason.string])
                .joined(separator: " ")
            Self.add(
                [
                    sign, sign * Int128(request?.usage.value(.inputTokens) ?? 0),
                    sign * Int128(request?.usage.value(.outputTokens) ?? 0),
                ], to: &unpriced[key, default: []])
        }
    }

    private static func add(_ values: [Int128], to sums: inout [Int128]) {
        if sums.isEmpty { sums = values } else { sums = zip(sums, values).map { $0 + $1 } }
    }

    /// 32 buckets an octave above 32, counted bit by bit.
    static func bucket(_ value: Int64) -> Int64 {
        var octave: Int64 = 0
        while value >> octave >= 64 { octave += 1 }
        return octave * 32 + value >> octave
    }
}

extension NaiveFold {
    /// What the tables hold.
    init(_ bench: TestLedger, version: [String: Int32] = [:]) async throws {
        self.init([])
        let rows = try await bench.admin.session { try $0.run(DumpSpend()) }
        for row in rows { spend[row.0] = row.1 }
        users = try await bench.sums(
            """
            SELECT day || ' ' || coalesce(user_id, 'NULL'), requests, failed_requests, cost_pico,
                coalesce(input_tokens, 0), coalesce(cache_read_input_tokens, 0),
                coalesce(output_tokens, 0)
            FROM tally.current_user_usage
            """)
        providers = try await bench.sums(
            """
            SELECT concat_ws(' ', day, coalesce(provider, 'NULL'), coalesce(model, 'NULL'),
                    coalesce(service_tier, 'NULL'), coalesce(region, 'NULL')),
                requests, failed_requests, cost_pico, unpriced_requests, coalesce(input_tokens, 0),
                coalesce(cache_read_input_tokens, 0), coalesce(output_tokens, 0)
            FROM tally.current_provider_usage
            """)
        timings = try await bench.sums(
            """
            SELECT concat_ws(' ', day, coalesce(provider, 'NULL'), coalesce(model, 'NULL'),
                    coalesce(service_tier, 'NULL'), coalesce(region, 'NULL'), metric, cell >> 48),
                cell & 281474976710655
            FROM tally.current_provider_usage, LATERAL (
                SELECT 1 AS metric, unnest(latency) AS cell
                UNION ALL SELECT 2, unnest(time_to_first_token)
            ) AS cells
            """
        ).mapValues { Int64($0[0]) }
        unpriced = try await bench.sums(
            """
            SELECT concat_ws(' ', day, coalesce(provider, 'NULL'), coalesce(model, 'NULL'),
                    coalesce(service_tier, 'NULL'), reason), requests, input_tokens, output_tokens
            FROM tally.current_unpriced WHERE requests <> 0
            """)
    }
}

extension TestLedger {
    func sums(_ sql: String) async throws -> [String: [Int128]] {
        let rows = try await admin.session { try $0.query(sql, rowsMax: 1_000_000).rows }
        return Dictionary(
            rows.map { row in (row[0] ?? "", row.dropFirst().map { Int128($0 ?? "") ?? -1 }) },
            uniquingKeysWith: { first, _ in first + [-1] })
    }
}

private struct DumpSpend: Statement {
    private static let cells = """
        ARRAY[app, team, project, environment, feature, provider, model, operation, service_tier,
            region], requests, failed_requests, charges, unpriced_requests, cost_pico,
        ARRAY[input_tokens, cache_read_input_tokens, cache_write_input_tokens,
            cache_write_1h_input_tokens, output_tokens, reasoning_output_tokens,
            input_audio_tokens, output_audio_tokens, cache_read_audio_tokens, input_image_tokens,
            output_image_tokens, cache_read_image_tokens, input_us, output_us, input_characters,
            web_searches, images, billed_requests]
        """
    static let sql = """
        SELECT 1, hour, \(cells) FROM tally.current_spend_hourly
        UNION ALL
        SELECT 24, day::timestamp AT TIME ZONE 'UTC', \(cells) FROM tally.current_spend_daily
        """
    static let columns = Columns(
        Int32.self, Timestamp.self, [String?].self, Int64.self, Int64.self, Int64.self, Int64.self,
        PicodollarSum.self, [PicodollarSum?].self)
    typealias Row = (NaiveFold.SpendKey, NaiveFold.SpendValue)

    static func row(
        _ cells: (
            Int32, Timestamp, [String?], Int64, Int64, Int64, Int64, PicodollarSum,
            [PicodollarSum?]
        )
    ) throws(PostgresError) -> Row {
        (
            NaiveFold.SpendKey(grain: cells.0, startsAt: cells.1, names: cells.2),
            NaiveFold.SpendValue(
                requests: cells.3, failed: cells.4, charges: cells.5, unpriced: cells.6,
                cost: cells.7, usage: cells.8.map { $0?.amount })
        )
    }
}
