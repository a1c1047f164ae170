package import Resilience

/// The buckets of a limit, of as many groups as there are, up to a number.
///
/// An empty bucket says nothing, so its place is free for another. If all are in use, the one that
/// is nearest to being empty makes room, of a few that are looked at: a caller who invents names loses
/// those first, and nobody's large debt is forgotten for it.
package struct BucketTable<Key: Hashable & Sendable>: Sendable {
    private struct Slot: Sendable {
        var key: Key
        var requests = RateBucket()
        var tokens = RateBucket()
    }

    package let requests: RateLimit?
    package let tokens: RateLimit?
    private let slotsMax: Int
    private var slots: [Slot] = []
    private var places: [Key: Int] = [:]
    private var hand = 0

    /// Looked at to find one that makes room.
    private static var lookedAtMax: Int { 8 }

    package init(requests: RateLimit?, tokens: RateLimit?, slotsMax: Int) {
        precondition(slotsMax > 0)
        self.requests = requests
        self.tokens = tokens
        self.slotsMax = slotsMax
    }

    package var count: Int { slots.count }

    /// How long until a request with some tokens fits; nil if it does.
    package func wait(
        for key: Key, tokens count: Int64, at now: Moment
    ) -> (measure: LimitMeasure, time: Duration)? {
        let used = buckets(of: key)
        let first = requests.flatMap { used.requests.wait(for: 1, under: $0, at: now) }
        let second = tokens.flatMap { used.tokens.wait(for: count, under: $0, at: now) }
        switch (first, second) {
        case (let first?, let second?):
            return first >= second ? (.requests, first) : (.tokens, second)
        case (let first?, nil): return (.requests, first)
        case (nil, let second?): return (.tokens, second)
        case (nil, nil): return nil
        }
    }

    /// Counts some requests and tokens; negative ones are taken back.
    package mutating func count(
        _ key: Key, requests number: Int64, tokens count: Int64, at now: Moment
    ) {
        // What is taken back from a bucket that made room for another was forgotten with it.
        guard places[key] != nil || number > 0 || count > 0 else { return }
        let place = place(of: key, at: now)
        if let requests, number != 0 {
            slots[place].requests.count(number, under: requests, at: now)
        }
        if let tokens, count != 0 { slots[place].tokens.count(count, under: tokens, at: now) }
    }

    /// How a group stands, once for each measure.
    package func standings(
        of key: Key, at now: Moment,
        _ body: (LimitMeasure, RateLimit, _ remaining: Int64, _ reset: Duration) -> Void
    ) {
        let used = buckets(of: key)
        func tell(_ measure: LimitMeasure, _ limit: RateLimit, _ bucket: RateBucket) {
            body(
                measure, limit, bucket.remaining(under: limit, at: now),
                bucket.untilEmpty(under: limit, at: now))
        }
        if let requests { tell(.requests, requests, used.requests) }
        if let tokens { tell(.tokens, tokens, used.tokens) }
    }

    private func buckets(of key: Key) -> (requests: RateBucket, tokens: RateBucket) {
        guard let place = places[key] else { return (RateBucket(), RateBucket()) }
        return (slots[place].requests, slots[place].tokens)
    }

    private mutating func place(of key: Key, at now: Moment) -> Int {
        if let place = places[key] { return place }
        guard slots.count >= slotsMax else {
            slots.append(Slot(key: key))
            places[key] = slots.count - 1
            return slots.count - 1
        }
        var best = hand
        var least = Duration.seconds(Int64.max)
        for _ in 0..<min(Self.lookedAtMax, slots.count) {
            let time = untilEmpty(slots[hand], at: now)
            if time < least { (best, least) = (hand, time) }
            hand = (hand + 1) % slots.count
            if least == .zero { break }
        }
        places[slots[best].key] = nil
        slots[best] = Slot(key: key)
        places[key] = best
        return best
    }

    private func untilEmpty(_ slot: Slot, at now: Moment) -> Duration {
        max(
            requests.map { slot.requests.untilEmpty(under: $0, at: now) } ?? .zero,
            tokens.map { slot.tokens.untilEmpty(under: $0, at: now) } ?? .zero)
    }
}

/// What a limit counts.
package enum LimitMeasure: String, Sendable { case requests, tokens }
