package import LedgerModel
package import Postgres
package import Pricing
package import ReadModels

/// What groups of requests read from and wrote to providers' caches, and what that was worth.
///
/// Rates come from the price book when it is asked, each day's at its noon: no event says a rate.
/// They are those of a request of mean size of each app, model, tier, region and day, so that
/// amounts are exact unless a price depends on the size of a request, or on the hour.
package struct PromptCacheReport: Sendable {
    package let position: Int64
    /// Those that missed the most money first.
    package let groups: [Group]

    package struct Group: Sendable {
        /// In the order of `PromptCacheQuery.Part`; nil for those that were not asked for.
        package let names: [String?]
        package let use: PromptCacheUse
        /// Turns of each class, the first ones among them.
        package let turns: [Turn.Class: PromptCacheUse]
        /// Nil if nothing of it has a price.
        package let money: Money?
        /// Requests that have none, and one of the reasons.
        package let unpricedRequests: Int64
        package let unpriced: String?
    }

    package struct Money: Hashable, Sendable {
        /// What the input cost.
        package let cost: PicodollarSum
        /// What it would have cost without a cache.
        package let costWithoutCache: PicodollarSum
        /// What reads saved.
        package let readSaving: PicodollarSum
        /// What writes cost beyond input that is not cached.
        package let writePremium: PicodollarSum
        /// What reading all that could be read would have saved on top, at most.
        package let missed: PicodollarSum

        /// Negative where writes are not read often enough.
        package var netSaving: PicodollarSum {
            PicodollarSum(readSaving.amount - writePremium.amount)
        }
    }

    /// - Parameter prices: the ledger's.
    package static func make(
        _ query: PromptCacheQuery, on pool: Pool, prices: PriceSchedule
    ) async throws -> PromptCacheReport {
        let answer = try await query.run(on: pool)
        return PromptCacheReport(answer.rows, position: answer.position, prices: prices)
    }

    package init(_ cells: [PromptCacheCell], position: Int64, prices: PriceSchedule) {
        self.position = position
        var pricing = CellPricing(prices)
        pricing.price(cells)
        groups = Dictionary(grouping: cells.indices) { cells[$0].names }
            .map { names, indices in
                pricing.group(names, indices.map { (cells[$0], pricing.rates[$0]) })
            }
            .sorted { Self.rank($0) < Self.rank($1) }
    }

    private static func rank(_ group: Group) -> (Int128, Int128, String) {
        let names = group.names.map { $0 ?? "" }.joined(separator: "\u{0}")
        return (-(group.money?.missed.amount ?? -1), -group.use.input, names)
    }
}

/// The rates of each cell.
private struct CellPricing {
    private var rater: Rater
    private(set) var rates: [Result<CacheRates, UnpricedReason>?] = []

    private struct Key: Hashable {
        let dimensions: Dimensions
        let day: Timestamp
    }

    init(_ prices: PriceSchedule) { rater = Rater(prices) }

    mutating func price(_ cells: [PromptCacheCell]) {
        var uses: [Key: PromptCacheUse] = [:]
        let keys = cells.map { Key(dimensions: $0.dimensions, day: $0.day) }
        for (key, cell) in zip(keys, cells) { uses[key, default: PromptCacheUse()] += cell.use }
        var known: [Key: Result<CacheRates, UnpricedReason>?] = [:]
        for (key, use) in uses {
            let noon = key.day.advanced(byMicroseconds: Timestamp.dayMicroseconds / 2)
            known[key] = .some(
                try? rater.cacheRates(of: key.dimensions, input: use.meanInput, at: noon))
        }
        rates = keys.map { known[$0] ?? nil }
    }

    func group(
        _ names: [String?], _ cells: [(PromptCacheCell, Result<CacheRates, UnpricedReason>?)]
    ) -> PromptCacheReport.Group {
        var use = PromptCacheUse()
        var turns: [Turn.Class: PromptCacheUse] = [:]
        var sum = CacheRates.Ninths()
        var priced = false
        var unpriced: (requests: Int64, reason: String?) = (0, nil)
        for (cell, rates) in cells {
            use += cell.use
            if let turn = cell.turn { turns[turn, default: PromptCacheUse()] += cell.use }
            // A call that repeats another one only adds usage.
            switch rates {
            case .success(let rates):
                guard let money = rates.money(of: cell.use) else {
                    unpriced = (unpriced.requests + cell.use.requests, "the sum is too large")
                    continue
                }
                priced = true
                sum.cost += money.cost
                sum.readSaving += money.readSaving
                sum.writePremium += money.writePremium
                sum.missed += money.missed
            case .failure(let reason):
                unpriced = (unpriced.requests + cell.use.requests, "\(reason)")
            case nil:
                unpriced = (unpriced.requests + cell.use.requests, "the sum is too large")
            }
        }
        func rounded(_ ninths: Int128) -> PicodollarSum {
            PicodollarSum(dividedHalfEven(ninths, by: Rate.ninthsPerPicodollar))
        }
        let money = PromptCacheReport.Money(
            cost: rounded(sum.cost),
            costWithoutCache: rounded(sum.cost + sum.readSaving - sum.writePremium),
            readSaving: rounded(sum.readSaving), writePremium: rounded(sum.writePremium),
            missed: rounded(sum.missed))
        return PromptCacheReport.Group(
            names: names, use: use, turns: turns, money: priced ? money : nil,
            unpricedRequests: unpriced.requests, unpriced: unpriced.reason)
    }
}

extension CacheRates {
    package func money(of use: PromptCacheUse) -> Ninths? {
        money(
            input: use.input, read: use.read, write: use.write, writeHour: use.writeHour,
            missed: use.missed)
    }
}
