import LedgerModel

/// Times of calls in buckets of an eighth of a power of two: the share of one is known to about 5 %.
struct TimeBuckets: Sendable {
    private var counts: [Int16: Int64] = [:]
    private(set) var count: Int64 = 0

    mutating func add(_ microseconds: Int64) {
        counts[Self.bucket(microseconds), default: 0] += 1
        count += 1
    }

    static func += (a: inout TimeBuckets, b: TimeBuckets) {
        a.counts.merge(b.counts, uniquingKeysWith: +)
        a.count += b.count
    }

    /// The part of the times that is below one, half of its own bucket included; 0.5 of nothing.
    func share(below microseconds: Int64) -> Double {
        guard count > 0 else { return 0.5 }
        let own = Self.bucket(microseconds)
        let below = counts.reduce(0) { $1.key < own ? $0 + $1.value : $0 }
        return (Double(below) + Double(counts[own] ?? 0) / 2) / Double(count)
    }

    /// The time that a part of the times is below; nil without times.
    func quantile(_ share: Double) -> Int64? {
        var rest = share * Double(count)
        var last: Int16?
        for (bucket, number) in counts.sorted(by: { $0.key < $1.key }) {
            last = bucket
            rest -= Double(number)
            if rest < 0 { break }
        }
        return last.map(Self.middle)
    }

    private static func bucket(_ microseconds: Int64) -> Int16 {
        let value = max(microseconds, 8)
        let exponent = 63 - value.leadingZeroBitCount
        return Int16(exponent << 3) | Int16((value >> (exponent - 3)) & 7)
    }

    private static func middle(_ bucket: Int16) -> Int64 {
        let exponent = Int64(bucket >> 3)
        return (Int64(17 + 2 * (bucket & 7)) << (exponent - 3)) / 2
    }
}

/// The times of calls: to the end, and to the first token.
struct CallTimes: Sendable {
    var latency = TimeBuckets()
    var first = TimeBuckets()

    mutating func add(latency told: Int64?, first toldFirst: Int64?) {
        if let told { latency.add(told) }
        if let toldFirst { first.add(toldFirst) }
    }
}

/// What history says of each provider and model: how fast they answer, how much they are asked, and
/// how long it takes them to fail.
struct PastProviders: Sendable {
    struct Place: Hashable, Sendable {
        let provider: Name
        let model: Name
    }

    struct Model: Sendable {
        var answered: Int64 = 0
        var input: Int64 = 0
        var output: Int64 = 0
    }

    private var places: [Place: CallTimes] = [:]
    private(set) var providers: [Name: CallTimes] = [:]
    private var failures: [Name: TimeBuckets] = [:]
    private var models: [Name: Model] = [:]

    /// Pairs of provider and model, and models, that are told apart; of further ones only the
    /// provider's times are known.
    static let placesMax = 16_384
    /// Further ones are left out, and count as requests without a provider.
    static let providersMax = 1_000

    mutating func add(_ call: RoutedCall) {
        let place = Place(provider: call.provider, model: call.model)
        guard providers[place.provider] != nil || providers.count < Self.providersMax else {
            return
        }
        guard call.failure == nil else {
            providers[place.provider, default: CallTimes()].add(latency: nil, first: nil)
            if let latency = call.latency {
                failures[place.provider, default: TimeBuckets()].add(latency)
            }
            return
        }
        providers[place.provider, default: CallTimes()]
            .add(latency: call.latency, first: call.first)
        if places[place] != nil || places.count < Self.placesMax {
            places[place, default: CallTimes()].add(latency: call.latency, first: call.first)
        }
        if models[place.model] != nil || models.count < Self.placesMax {
            models[place.model, default: Model()].answered += 1
            models[place.model, default: Model()].input += call.usage[.inputTokens] ?? 0
            models[place.model, default: Model()].output += call.usage[.outputTokens] ?? 0
        }
    }

    /// What an answer of a model uses in the mean; nil if none was seen.
    func usage(of model: Name) -> Usage? {
        guard let known = models[model], known.answered > 0 else { return nil }
        return [
            .inputTokens: known.input / known.answered,
            .outputTokens: known.output / known.answered,
        ]
    }

    /// How long a provider takes to fail, in the middle.
    func failureTime(of provider: Name) -> Int64? { failures[provider]?.quantile(0.5) }

    /// How long a call would have taken elsewhere: as long as the same share of the calls there took
    /// that took less than it where it was made.
    ///
    /// - Returns: nil if there are no times of the other provider.
    func time(
        _ told: Int64, of place: Place, at other: Place, _ kind: KeyPath<CallTimes, TimeBuckets>
    ) -> Int64? {
        if place == other { return told }
        let share = times(of: place)[keyPath: kind].share(below: told)
        return times(of: other)[keyPath: kind].quantile(share)
    }

    /// The time in the middle, for a call of which nobody told how long it took.
    func time(at place: Place, _ kind: KeyPath<CallTimes, TimeBuckets>) -> Int64? {
        times(of: place)[keyPath: kind].quantile(0.5)
    }

    /// Those of the model there, or of the whole provider.
    private func times(of place: Place) -> CallTimes {
        places[place] ?? providers[place.provider] ?? CallTimes()
    }
}
