package import LedgerModel

/// Determines which counts of each request are free under a ledger's allowances.
///
/// A left fold over the requests of a ledger in position order. What a request takes from a pool
/// depends on the requests before it and on itself, so a later event never changes an earlier
/// credit, and the same requests always get the same credits. `occurred_at` decides the window:
/// late events take what is left of their own day or month.
package struct AllowanceMeter: Sendable {
    /// A pool in one of its windows.
    package struct Pool: Hashable, Sendable {
        package let allowance: String
        package let start: Timestamp

        package init(allowance: String, start: Timestamp) {
            self.allowance = allowance
            self.start = start
        }
    }

    /// Stored counts taken so far; keep them to continue later from the same position.
    package private(set) var used: [Pool: Int64]

    package init(used: [Pool: Int64] = [:]) {
        self.used = used
    }

    /// Takes the next request's free counts.
    ///
    /// If another tokenizer is supposed, an allowance counts its tokens: as many counted ones are
    /// free as fit into the rest, and what they take is rounded up.
    ///
    /// - Parameter time: the request's `occurred_at`.
    /// - Returns: nil for an unpriced request, which takes nothing: its cost is unknown.
    package mutating func take(_ derivation: Derivation, at time: Timestamp) -> MeteredPrice? {
        guard case .priced(let gross) = derivation.rating else { return nil }
        var rest = derivation.lines.map(\.count)
        var credits: [MeteredPrice.Credit] = []
        for allowance in derivation.allowances {
            let pool = Pool(allowance: allowance.name, start: allowance.window.start(of: time))
            var left = allowance.free - used[pool, default: 0]
            for unit in allowance.units where left > 0 {
                guard let index = derivation.lines.firstIndex(where: { $0.unit == unit }) else {
                    continue
                }
                let tokens = unit.isTokens ? derivation.tokens : .one
                let count = min(tokens.counts(in: left), rest[index])
                if count <= 0 { continue }
                let taken = tokens.counted(count)
                let rate = derivation.lines[index].rate
                credits.append(
                    MeteredPrice.Credit(
                        allowance: allowance.name, unit: unit, count: count,
                        amount: Int128(count) * rate.ninths))
                rest[index] -= count
                left -= taken
                used[pool, default: 0] += taken
            }
        }
        return MeteredPrice(
            gross: gross, total: derivation.total, divisor: derivation.divisor, credits: credits)
    }
}

// MARK: - As a run keeps it

extension AllowanceMeter {
    /// What was taken from one pool.
    package struct Taken: Codable, Hashable, Sendable {
        package let allowance: String
        /// Microseconds of the window's start.
        package let start: Int64
        package let count: Int64
    }

    package static func taken(_ used: [Pool: Int64]) -> [Taken] {
        used.map { pool, count in
            Taken(allowance: pool.allowance, start: pool.start.microseconds, count: count)
        }.sorted { ($0.allowance, $0.start) < ($1.allowance, $1.start) }
    }

    package static func used(_ taken: [Taken]) -> [Pool: Int64] {
        Dictionary(
            taken.map { taken in
                let start = Timestamp(microseconds: taken.start)
                return (Pool(allowance: taken.allowance, start: start), taken.count)
            }, uniquingKeysWith: { $1 })
    }
}

extension Factor {
    /// The whole counts that the factor turns into at most `tokens`.
    fileprivate func counts(in tokens: Int64) -> Int64 {
        if self == .one { return tokens }
        if millionths == 0 { return .max }
        return Int64(clamping: Int128(tokens) * 1_000_000 / Int128(millionths))
    }

    /// Counts times the factor, rounded up.
    fileprivate func counted(_ counts: Int64) -> Int64 {
        if self == .one { return counts }
        return Int64(clamping: (Int128(counts) * Int128(millionths) + 999_999) / 1_000_000)
    }
}

/// A price minus what allowances make free; rounded once, like a charge.
package struct MeteredPrice: Hashable, Sendable {
    /// Counts that one allowance makes free.
    package struct Credit: Hashable, Sendable {
        package let allowance: String
        package let unit: UsageUnit
        /// Stored counts.
        package let count: Int64
        /// What they would have cost, in ninths of 1e-24 USD; unrounded.
        package let amount: Int128
    }

    /// The cost by rates alone: the charge that ingest books.
    package let gross: Picodollars
    package let net: Picodollars
    package let credits: [Credit]

    init(gross: Picodollars, total: Int128, divisor: Int128, credits: [Credit]) {
        self.gross = gross
        self.credits = credits
        let rest = total - credits.reduce(0) { $0 + $1.amount }
        // Between 0 and the gross amount, which fits one event.
        net = Picodollars(
            Int64(truncatingIfNeeded: dividedHalfEven(rest, by: divisor)))
    }

    /// What to add to the gross charge; never positive.
    package var adjustment: Picodollars { Picodollars(net.amount - gross.amount) }
}

extension ChargeRule {
    /// The cost of a request under a schedule, allowances included; nil if it is not charged or
    /// unpriced.
    ///
    /// Fold the requests of a ledger through one rater and one meter, in position order. The ledger
    /// should show `net`; the charge at ingest was `gross`.
    package static func meter(
        _ request: borrowing Event, rater: inout Rater, meter: inout AllowanceMeter
    ) throws(RatingOverflow) -> MeteredPrice? {
        guard isCharged(request.kind, request.usage), !request.usage.isEmpty else { return nil }
        let derivation = try rater.derive(
            request.usage, provider: request.dimensions[.provider],
            model: request.dimensions[.model] ?? Name(""),
            serviceTier: request.dimensions[.serviceTier], region: request.dimensions[.region],
            at: request.occurredAt)
        return meter.take(derivation, at: request.occurredAt)
    }
}
