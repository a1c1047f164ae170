import LedgerModel
import LedgerSQL
import Postgres

/// The columns of events that a scan reads, besides those that every read model needs.
struct ScanNeeds: OptionSet, Sendable {
    let rawValue: Int

    static let users = ScanNeeds(rawValue: 1)
    static let timings = ScanNeeds(rawValue: 2)
    static let labels = ScanNeeds(rawValue: 4)
    static let failures = ScanNeeds(rawValue: 8)
    static let prompts = ScanNeeds(rawValue: 16)
    static let details = ScanNeeds(rawValue: 32)
    static let sessions = ScanNeeds(rawValue: 64)
    static let calls = ScanNeeds(rawValue: 128)

    /// The columns, in the order in which `ScannedRow` takes them.
    var columns: String {
        var columns = [
            "kind", "event_id", "cause_id", "previous_id", "occurred_at", "amount_pico", "unpriced",
        ]
        columns += UsageUnit.allCases.map(\.column) + Dimension.base.map(\.column)
        if contains(.users) { columns.append(Dimension.user.column) }
        if contains(.timings) { columns += ["latency_us", "time_to_first_token_us"] }
        if contains(.labels) { columns.append("labels") }
        if contains(.failures) { columns += ["status", "error_type"] }
        if contains(.details) { columns.append("detail") }
        if contains(.sessions) { columns += ["position", "api_key", "session_id", "agent"] }
        if contains(.prompts) {
            columns += [
                "tokens_before", "tokens_after", "useful_output_tokens", "quality_ppm",
                "saved_pico", "stages", "lossy_stages",
            ]
        }
        return columns.joined(separator: ", ")
    }

    init(rawValue: Int) { self.rawValue = rawValue }

    init(_ rollups: [Rollup]) {
        self = []
        for rollup in rollups {
            let quantities = Set(rollup.measures.map(\.quantity))
            if rollup.full.key.contains(.dimension(.user)) { insert(.users) }
            if !quantities.isDisjoint(with: [.latency, .timeToFirstToken]) { insert(.timings) }
            let labelled: Set<Quantity> = [
                .finishedRequests, .cutOffRequests, .refusedRequests, .estimatedRequests,
                .answerLength, .answerLimit,
            ]
            if !quantities.isDisjoint(with: labelled) { insert(.labels) }
            switch rollup.subject {
            case .failures: insert(.failures)
            case .prompts, .promptStages: insert(.prompts)
            // Their savings are read like those of prompts.
            case .cache, .batches: formUnion([.prompts, .details])
            case .turns: insert(.sessions)
            case .calls: formUnion([.calls, .timings, .failures, .details])
            case .requests, .unpriced: break
            }
        }
    }
}

/// The fields of an event as COPY sends them, lent with the row.
struct ScannedRow {
    /// Nil for a kind that this program does not know.
    let kind: EventKind?
    let id: EventID
    let causeID: EventID?
    let previousID: EventID?
    let occurredAt: Int64
    let amount: Int64?
    let unpriced: UnsafeRawBufferPointer?
    private(set) var base = Self.nothing
    private(set) var user = Self.nothing
    private(set) var latency: Int64?
    private(set) var timeToFirstToken: Int64?
    private(set) var labels: UnsafeRawBufferPointer?
    private(set) var failure = Self.nothing
    private(set) var detail: UnsafeRawBufferPointer?
    private(set) var prompt: PromptCounts?
    private(set) var position: Int64 = 0
    private(set) var apiKey = Self.nothing
    /// Session and agent.
    private(set) var session = Self.nothing

    private static var nothing: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: nil, count: 0)
    }

    /// Tells the usage to `fact` as it goes by.
    init(
        _ fields: inout BinaryCopyFields, _ needs: ScanNeeds, usage fact: inout Fact
    ) throws(PostgresError) {
        let kind = EventKind(rawValue: try fields.next(Int16.self))
        self.kind = kind
        id = try Self.id(&fields) ?? EventID(high: 0, low: 0)
        causeID = try Self.id(&fields)
        previousID = try Self.id(&fields)
        occurredAt = try Self.word(&fields) ?? 0
        amount = try Self.word(&fields)
        unpriced = try fields.next()
        for number in 0..<UsageUnit.allCases.count {
            if let count = try Self.word(&fields) { fact.tell(number, count) }
        }
        base = try fields.block(of: Dimension.base.count)
        if needs.contains(.users) { user = try fields.block(of: 1) }
        if needs.contains(.timings) {
            latency = try Self.word(&fields)
            timeToFirstToken = try Self.word(&fields)
        }
        if needs.contains(.labels) { labels = try fields.next() }
        if needs.contains(.failures) { failure = try fields.block(of: 2) }
        if needs.contains(.details) { detail = try fields.next() }
        if needs.contains(.sessions) {
            position = try Self.word(&fields) ?? 0
            apiKey = try fields.block(of: 1)
            session = try fields.block(of: 2)
        }
        if needs.contains(.prompts), kind == .promptOptimized || kind == .savingRated {
            prompt = try PromptCounts(&fields)
        }
    }

    @inline(__always)
    fileprivate static func word(
        _ fields: inout BinaryCopyFields
    ) throws(PostgresError) -> Int64? {
        guard let bytes = try fields.next() else { return nil }
        return try Int64(bigEndianBytes: bytes)
    }

    @inline(__always)
    private static func id(_ fields: inout BinaryCopyFields) throws(PostgresError) -> EventID? {
        guard let bytes = try fields.next() else { return nil }
        guard bytes.count == 16 else {
            throw PostgresError(.decoding, "an id has 16 bytes, not \(bytes.count)")
        }
        return EventID(
            high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
            low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }
}

/// What a prompt.optimized event counts, or what the saving behind it is worth.
struct PromptCounts {
    var optimization = PromptOptimization()
    let quality: Int32?
    var saved: Int64?

    fileprivate init(_ fields: inout BinaryCopyFields) throws(PostgresError) {
        optimization.tokensBefore = try ScannedRow.word(&fields)
        optimization.tokensAfter = try ScannedRow.word(&fields)
        optimization.usefulOutputTokens = try ScannedRow.word(&fields)
        quality = try fields.next(Int32?.self)
        saved = try ScannedRow.word(&fields)
        optimization.stages = try Self.stages(&fields)
        optimization.lossyStages = try Self.stages(&fields)
    }

    private static func stages(
        _ fields: inout BinaryCopyFields
    ) throws(PostgresError) -> StageSavings? {
        guard let bytes = try fields.next() else { return nil }
        guard let stages = StageSavings(canonicalJSON: String(decoding: bytes, as: UTF8.self))
        else {
            throw PostgresError(.decoding, "the stages of a prompt can't be read")
        }
        return stages
    }
}
