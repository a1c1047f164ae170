package import LedgerModel
package import Pricing

extension ReplayReport {
    /// What a replay found in addition to the sums.
    package struct Facts: Codable, Hashable, Sendable {
        /// Charged requests of each model, as recorded; empty unless models are mapped or
        /// discounted.
        package var models = Counts<ModelName>(max: 10_000)
        /// Why requests have no price under the replayed prices.
        package var unpriced = Counts<Name>(max: 1_000)
        /// The sum booked without a request, by hand or against a bill: taken as booked.
        package var unattached = PicodollarSum.zero
        package var unattachedCharges: Int64 = 0
        /// The amount by which free allowances reduced the replayed prices.
        package var free = PicodollarSum.zero

        static func += (a: inout Facts, b: Facts) {
            a.models += b.models
            a.unpriced += b.unpriced
            a.unattached += b.unattached
            a.unattachedCharges += b.unattachedCharges
            a.free += b.free
        }
    }

    package struct ModelName: Codable, Hashable, Comparable, Sendable {
        package let provider: Name?
        package let model: Name

        package static func < (a: ModelName, b: ModelName) -> Bool {
            (a.provider ?? "", a.model) < (b.provider ?? "", b.model)
        }
    }

    /// How often each key occurred; keys beyond a limit are counted together.
    package struct Counts<Key: Hashable & Sendable>: Hashable, Sendable {
        package private(set) var byKey: [Key: Int64] = [:]
        package private(set) var others: Int64 = 0
        private let max: Int

        init(max: Int) {
            self.max = max
        }

        mutating func add(_ key: Key, _ count: Int64 = 1) {
            if byKey[key] != nil || byKey.count < max {
                byKey[key, default: 0] += count
            } else {
                others += count
            }
        }

        mutating func add(others count: Int64) { others += count }

        static func += (a: inout Counts, b: Counts) {
            for (key, count) in b.byKey { a.add(key, count) }
            a.others += b.others
        }
    }
}

extension ReplayReport.Counts: Codable where Key: Codable {}

extension ReplayReport {
    /// A requested model, and the model that replaced it.
    package struct MappedModel: Sendable {
        package let from: ModelName
        /// Nil if the model was kept.
        package let to: WhatIf.Target?
        package let requests: Int64
    }

    /// The requested models, those with the most requests first.
    package var models: [MappedModel] {
        facts.models.byKey
            .map { key, count in
                MappedModel(
                    from: key, to: request.whatIf.target(provider: key.provider, model: key.model),
                    requests: count)
            }
            .sorted { ($1.requests, $0.from) < ($0.requests, $1.from) }
    }

    /// Models that match no rule of the mapping; they were replayed as they are.
    package var unmapped: [MappedModel] {
        request.whatIf.mapsModels ? models.filter { $0.to == nil } : []
    }

    /// Why requests have no price, the most common reason first.
    package var unpricedReasons: [(reason: String, requests: Int64)] {
        facts.unpriced.byKey.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { (reason: $0.key.string, requests: $0.value) }
    }

    /// Discounts that applied to no request.
    package var unusedDiscounts: [WhatIf.Discount] {
        request.whatIf.unusedDiscounts(
            for: facts.models.byKey.keys.map { ($0.provider, $0.model) }, in: request.schedule)
    }
}
