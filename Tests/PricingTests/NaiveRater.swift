import JSON
import LedgerModel
import LedgerTesting
import Pricing
import Testing

/// Rates a request only by the text of docs/prices.md, slowly and without the plan, the buckets and
/// the terms of `Pricing`: each kind of count separately, at the price of the most specific priced
/// unit that contains it.
struct NaiveRater {
    /// A price list as the page describes it; prices are whole dollars per million.
    struct List {
        var from: Int64?
        var hours: ClosedRange<Int64>?
        var tier: String?
        var region: String?
        /// Price at 0 input tokens, and above each bound.
        var prices: [UsageUnit: [(above: Int64, price: Int64)]] = [:]

        var isPlain: Bool { tier == nil && region == nil }
    }

    var lists: [List]
    var batchPercent: Int64?
    var usPercent: Int64?

    /// Ninths of 1e-24 USD; nil is unpriced.
    func price(
        _ things: [(units: [UsageUnit], count: Int64)], tier: String?, region: String?, day: Int64,
        hour: Int64
    ) -> Int128? {
        guard let prices = prices(tier: tier, region: region, day: day, hour: hour) else {
            return nil
        }
        let input = things.filter { $0.units.contains(.inputTokens) }.reduce(0) { $0 + $1.count }
        var total: Int128 = 0
        for thing in things where thing.count > 0 {
            guard let levels = choice(of: thing.units, in: prices) else { return nil }
            let level = levels.last { input > $0.above || $0.above == 0 } ?? levels[0]
            // A hundredth of a dollar per million is 1e-8 dollars for one.
            total += Int128(thing.count) * Int128(level.price) * 9 * 10_000_000_000_000_000
        }
        return total
    }

    /// Hundredths of a dollar per million, by unit; nil if there is no price list.
    private func prices(
        tier: String?, region: String?, day: Int64, hour: Int64
    ) -> [UsageUnit: [(above: Int64, price: Int64)]]? {
        let now = lists.filter { list in
            (list.from.map { $0 <= day } ?? true) && (list.hours.map { $0.contains(hour) } ?? true)
        }
        guard let plain = now.last(where: \.isPlain) else { return nil }
        var prices = plain.prices.mapValues { $0.map { (above: $0.above, price: $0.price * 100) } }
        func apply(_ condition: (List) -> Bool) -> Bool {
            let changes = now.filter { !$0.isPlain && condition($0) }
            for (unit, levels) in changes.flatMap(\.prices) {
                prices[unit] = levels.map { (above: $0.above, price: $0.price * 100) }
            }
            return !changes.isEmpty
        }
        func multiply(by percent: Int64) {
            for (unit, levels) in prices where unit.isTokens {
                prices[unit] = levels.map { (above: $0.above, price: $0.price * percent / 100) }
            }
        }
        _ = apply { $0.tier == nil && $0.region == region }
        if let tier {
            let general = apply { $0.tier == tier && $0.region == nil }
            let local = apply { $0.tier == tier && $0.region != nil && $0.region == region }
            if !general, !local {
                guard let batchPercent else { return nil }
                multiply(by: batchPercent)
            }
        }
        if let region, !now.contains(where: { $0.region == region }), let usPercent {
            multiply(by: usPercent)
        }
        return prices
    }

    /// The most specific of the units that has a price; `units` go from specific to general.
    private func choice(
        of units: [UsageUnit], in prices: [UsageUnit: [(above: Int64, price: Int64)]]
    ) -> [(above: Int64, price: Int64)]? {
        var candidates = units.filter { prices[$0] != nil }
        // Cached audio without a price costs as much as audio, unless audio is priced as input.
        if candidates.count > 2, candidates[0] == .cacheReadInputTokens,
            let audio = prices[candidates[1]], let input = prices[.inputTokens],
            !audio.elementsEqual(
                input, by: { $0.above == $1.above && $0.price == $1.price })
        {
            candidates.swapAt(0, 1)
        }
        return candidates.first.flatMap { prices[$0] }
    }

    /// Every kind of count, with the units that contain it, the most specific first.
    static let things: [[UsageUnit]] = [
        [.inputTokens], [.cacheReadInputTokens, .inputTokens],
        [.cacheWriteInputTokens, .inputTokens],
        [.cacheWriteOneHourInputTokens, .cacheWriteInputTokens, .inputTokens],
        [.inputAudioTokens, .inputTokens], [.inputImageTokens, .inputTokens],
        [.cacheReadAudioTokens, .cacheReadInputTokens, .inputAudioTokens, .inputTokens],
        [.cacheReadImageTokens, .cacheReadInputTokens, .inputImageTokens, .inputTokens],
        [.outputTokens], [.reasoningOutputTokens, .outputTokens],
        [.outputAudioTokens, .outputTokens], [.outputImageTokens, .outputTokens],
        [.webSearches], [.images],
    ]
}

@Suite("Rating against a naive rater")
struct NaiveRaterTests {
    @Test("for any book, usage, tier, region and time, the sum of single items is the price")
    func agrees() throws {
        var priced = 0
        try forSeeds(600) { random in
            let naive = naiveRater(&random)
            let book = try PriceFile.read(naive.yaml)
            for _ in 0..<4 {
                let things = NaiveRater.things.map { units in
                    (units: units, count: random.bool() ? 0 : random.count(0...90_000))
                }
                let tier = random.bool() ? nil : "batch"
                let region = random.bool() ? nil : "us"
                let (day, hour) = (random.count(0...9), random.count(0...23))
                let at = try time("2026-01-0\(1 + day % 9)T\(hour < 10 ? "0" : "")\(hour):00:00Z")
                let derivation = try book.derive(
                    usage(things), provider: "acme", model: "m", serviceTier: tier.map { Name($0) },
                    region: region.map { Name($0) }, at: at)
                let expected = naive.price(
                    things, tier: tier, region: region, day: day % 9, hour: hour)
                switch derivation.rating {
                case .priced:
                    priced += 1
                    #expect(derivation.total == expected, "\(random) \(naive.yaml)")
                case .unpriced(let reason):
                    #expect(expected == nil, "\(random) \(reason) \(naive.yaml)")
                }
            }
        }
        #expect(priced > 500, "most random books price most usages")
    }

    private func usage(_ things: [(units: [UsageUnit], count: Int64)]) -> Usage {
        var usage = Usage()
        for (units, count) in things {
            // One-hour writes are counted in addition to five-minute writes, not as part of them.
            let counted = units.filter {
                $0 != .cacheWriteInputTokens || units[0] != .cacheWriteOneHourInputTokens
            }
            for unit in counted { usage[unit] = usage.value(unit) + count }
        }
        return usage
    }

    private func naiveRater(_ random: inout SeededGenerator) -> NaiveRater {
        var lists = [list(&random, isWhole: true)]
        if random.bool() {
            var later = list(&random, isWhole: true)
            later.from = random.count(1...8)
            lists.append(later)
        }
        if random.bool() {
            var night = list(&random, isWhole: true)
            let start = random.count(0...20)
            night.hours = start...start + random.count(0...2)
            night.from = lists.last?.from
            lists.append(night)
        }
        let conditions: [(tier: String?, region: String?)] = [
            (nil, "us"), ("batch", nil), ("batch", "us"),
        ]
        for (tier, region) in conditions where random.bool() {
            var change = list(&random, isWhole: false)
            (change.tier, change.region) = (tier, region)
            lists.append(change)
        }
        return NaiveRater(
            lists: lists, batchPercent: random.bool() ? 50 : nil,
            usPercent: random.bool() ? 110 : nil)
    }

    /// Input and output are priced in every complete list; other units at random.
    private func list(_ random: inout SeededGenerator, isWhole: Bool) -> NaiveRater.List {
        var list = NaiveRater.List()
        for unit in UsageUnit.allCases where NaiveRater.things.contains(where: { $0[0] == unit }) {
            let isBasic = isWhole && (unit == .inputTokens || unit == .outputTokens)
            guard isBasic || random.count(0...2) == 0 else { continue }
            var levels = [(above: Int64(0), price: random.count(0...9))]
            if random.count(0...3) == 0 {
                levels.append((above: random.count(1...3) * 100_000, price: random.count(0...9)))
            }
            list.prices[unit] = levels
        }
        return list
    }
}

extension NaiveRater {
    var yaml: String {
        var text = "tally_prices: 1\nname: random\nproviders:\n  acme:\n"
        if batchPercent != nil { text += "    tiers: {batch: 0.5}\n" }
        if usPercent != nil { text += "    regions: {us: 1.1}\n" }
        text += "    models:\n      m:\n        prices:\n"
        for list in lists {
            var fields: [String] = []
            if let from = list.from { fields.append("from: 2026-01-0\(1 + from)") }
            if let hours = list.hours {
                fields.append(
                    "hours: \"\(clock(hours.lowerBound))-\(clock(hours.upperBound + 1))\"")
            }
            if let tier = list.tier { fields.append("tier: \(tier)") }
            if let region = list.region { fields.append("region: \(region)") }
            for (unit, levels) in list.prices.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                let word = unit.isTokens ? Quote.canonical(of: unit).word : unit.name
                let prices = levels.map { level in
                    unit.isTokens ? "\(level.price)" : decimal(Int128(level.price), scale: 6)
                }
                fields.append(
                    levels.count == 1
                        ? "\(word): \(prices[0])"
                        : "\(word): {0: \(prices[0]), \(levels[1].above): \(prices[1])}")
            }
            text += "        - {\(fields.joined(separator: ", "))}\n"
        }
        return text
    }

    private func clock(_ hour: Int64) -> String { "\(hour < 10 ? "0" : "")\(hour):00" }
}
