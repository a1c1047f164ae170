import LedgerModel
import LedgerSQL
import Postgres
import Pricing

/// The fields of a row that a replay needs, lent with the row.
struct ReplayRow {
    let kind: EventKind
    /// Whether it was asked for; if not, it counts only for what it takes from allowances.
    let isAsked: Bool
    let position: Int64
    let id: EventID
    let causeID: EventID?
    let previousID: EventID?
    let bookID: EventID?
    let occurredAt: Timestamp
    let amount: Picodollars?
    /// The bytes of the reason; valid while the row is lent.
    let unpriced: UnsafeRawBufferPointer?
    let usage: Usage

    /// Reads the fixed columns of `ReplayCopy`; the dimensions follow.
    init(_ fields: inout BinaryCopyFields) throws(PostgresError) {
        guard let bytes = try fields.next() else {
            throw PostgresError(.decoding, "an event has no kind")
        }
        let number = try Int16(bigEndianBytes: bytes)
        guard let kind = EventKind(rawValue: number < 0 ? -number : number)
        else { throw PostgresError(.decoding, "an event has a kind that is not known here") }
        self.kind = kind
        isAsked = number > 0
        position = try Self.word(&fields) ?? 0
        id = try Self.id(&fields) ?? EventID(high: 0, low: 0)
        causeID = try Self.id(&fields)
        previousID = try Self.id(&fields)
        bookID = try Self.id(&fields)
        occurredAt = Timestamp(microseconds: try Self.word(&fields) ?? 0)
        amount = try Self.word(&fields).map { Picodollars($0) }
        unpriced = try fields.next()
        var usage = Usage()
        for unit in UsageUnit.allCases {
            if let count = try Self.word(&fields) { usage.set(unit, count) }
        }
        self.usage = usage
    }

    @inline(__always)
    private static func word(_ fields: inout BinaryCopyFields) throws(PostgresError) -> Int64? {
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

/// What a request is priced by.
struct PricedRequest: Sendable {
    let id: EventID
    let usage: Usage
    let provider: Name?
    let model: Name
    let serviceTier: Name?
    let region: Name?
    let occurredAt: Timestamp

    /// The price with what allowances make free; requests come in the order of their positions.
    func rate(with rater: inout MeteredRater) throws -> ScheduledRating {
        do throws(RatingOverflow) {
            return try rater.rate(
                usage, provider: provider, model: model, serviceTier: serviceTier,
                region: region, at: occurredAt)
        } catch {
            throw ReplayError.overflow(request: id)
        }
    }

    func rate(with rater: inout Rater) throws -> Rating {
        do throws(RatingOverflow) {
            return try ChargeRule.rate(
                usage, provider: provider, model: model, serviceTier: serviceTier,
                region: region, at: occurredAt, rater: &rater
            ).rating
        } catch {
            throw ReplayError.overflow(request: id)
        }
    }
}

/// The texts and periods that name a group, as numbers.
struct GroupKey: Hashable {
    var parts = InlineArray<8, Int64>(repeating: 0)

    static func == (a: GroupKey, b: GroupKey) -> Bool {
        for index in 0..<8 where a.parts[index] != b.parts[index] { return false }
        return true
    }

    func hash(into hasher: inout Hasher) {
        for index in 0..<8 { hasher.combine(parts[index]) }
    }
}
