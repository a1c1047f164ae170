package import LedgerModel

/// Valid events of every shape, from a seed.
package struct RandomEvents {
    package var random: SeededGenerator
    /// The latest time of an event.
    package let now: Timestamp
    private let span: Int64

    package init(
        seed: UInt64, now: Timestamp = Timestamp(year: 2026, month: 11, day: 23), days: Int64 = 40
    ) {
        random = SeededGenerator(seed: seed)
        self.now = now
        span = days * Timestamp.dayMicroseconds
    }

    package mutating func timestamp() -> Timestamp {
        now.advanced(byMicroseconds: -Int64.random(in: 0..<span, using: &random))
    }

    package mutating func name(_ prefix: String, of count: Int) -> Name {
        Name("\(prefix)-\(Int.random(in: 0..<count, using: &random))")
    }

    package mutating func text() -> Name {
        let alphabet: [Unicode.Scalar] = [
            "a", "Z", "0", " ", "é", "\u{301}", "\"", "\\", "/", "\n", "\t", "漢", "本", "😀", "\u{1}",
            "\u{1F}", "\u{7F}", "{", "}", "[", "]", ",", ":", "\u{FFFD}", "\u{10FFFF}",
        ]
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            scalars.append(alphabet.randomElement(using: &random) ?? "a")
        }
        return Name(String(scalars))
    }

    package mutating func request() -> Event {
        let time = timestamp()
        var event = Event(
            id: EventID(at: time, entropy: (random.next(), random.next())),
            kind: Bool.random(using: &random) ? .requestCompleted : .requestFailed,
            occurredAt: time)
        event.dimensions[.provider] = name("provider", of: 3)
        event.dimensions[.model] = name("model", of: 5)
        for dimension in Dimension.allCases where chance(0.5) {
            event.dimensions[dimension] = event.dimensions[dimension] ?? name("x", of: 4)
        }
        event.usage = usage()
        if chance(0.3) { event.labels = labels() }
        if chance(0.7) { event.status = Int32.random(in: 200...599, using: &random) }
        if chance(0.2) { event.errorType = text() }
        if chance(0.7) { event.latency = Int64.random(in: 0...100_000_000, using: &random) }
        if chance(0.4) { event.timeToFirstToken = Int64.random(in: 0...9_000_000, using: &random) }
        if chance(0.2) { event.contentHash = Digest(hashing: [UInt8(random.next() & 0xFF)]) }
        if chance(0.2) { event.requestHash = Digest(hashing: [UInt8(random.next() & 0xFF)]) }
        if chance(0.3) { event.origin = origin() }
        if chance(0.3) {
            let external = ExternalID(
                source: name("source", of: 3), id: Name("id-\(random.next())"))
            event.externalID = external
            event.id = external.eventID(at: time)
        }
        return event
    }

    /// The charge of a request; sometimes one without a price.
    package mutating func charge(for request: Event) -> Event {
        var charge = Event(
            id: .charge(for: request.id, after: nil), kind: .chargeRated,
            occurredAt: request.occurredAt)
        charge.causeID = request.id
        charge.dimensions = request.dimensions
        charge.bookID = EventID(high: 1, low: 2)
        if chance(0.1) {
            charge.unpriced = "unknown model"
        } else {
            charge.amount = Picodollars(Int64.random(in: 0...1_000_000_000_000, using: &random))
        }
        return charge
    }

    /// An optimized prompt with its saving, which sometimes has no price.
    package mutating func optimization() -> (event: Event, charge: Event?) {
        var event = request()
        event.kind = .promptOptimized
        event.causeID = EventID(at: event.occurredAt, entropy: (random.next(), random.next()))
        event.usage = Usage()
        if chance(0.5) { event.quality = Int32.random(in: 0...1_000_000, using: &random) }
        guard chance(0.9) else { return (event, nil) }
        var stages: [(name: Name, saved: Int64, isLossless: Bool)] = []
        for index in 0..<Int.random(in: 0...4, using: &random) {
            let saved = Int64.random(in: -20...4_000, using: &random)
            stages.append((name("stage\(index)", of: 2), saved, chance(0.7)))
        }
        let saved = stages.isEmpty ? count(upTo: 500) : stages.reduce(0) { $0 + $1.saved }
        let after = count(upTo: 50_000) + max(0, -saved)
        let counts = try? PromptOptimization(
            tokensBefore: after + saved, tokensAfter: after, stages: stages,
            usefulOutputTokens: chance(0.4) ? count(upTo: 900) : nil)
        event.optimization = counts ?? PromptOptimization()
        var booked = Event(
            id: .charge(for: event.id, after: nil), kind: .savingRated,
            occurredAt: event.occurredAt)
        booked.causeID = event.id
        booked.dimensions = event.dimensions
        if chance(0.8) {
            booked.saved = Picodollars(saved * 2_500_000 + (saved == 0 ? 0 : count(upTo: 3)))
        } else {
            booked.detail = try? Labels([("unpriced", "unknown model")])
        }
        return (event, booked)
    }

    package mutating func usage() -> Usage {
        let input = Int64.random(in: 0...100_000, using: &random)
        var usage: Usage = [.inputTokens: input, .outputTokens: count(upTo: 5_000)]
        if chance(0.4) { usage[.cacheReadInputTokens] = count(upTo: input) }
        if chance(0.2) { usage[.reasoningOutputTokens] = count(upTo: usage[.outputTokens] ?? 0) }
        if chance(0.1) { usage[.webSearches] = count(upTo: 3) }
        if chance(0.1) { usage[.inputSeconds] = count(upTo: 600_000_000) }
        return usage
    }

    package mutating func labels() -> Labels? {
        var pairs: [(key: Name, value: Name)] = []
        for index in 0..<Int.random(in: 0...5, using: &random) {
            pairs.append((Name("\(index)\(text())"), text()))
        }
        return try? Labels(pairs)
    }

    /// Where a report comes from; no two have a span or an answer in common.
    package mutating func origin() -> CallOrigin {
        var origin = CallOrigin()
        origin.traceID = name("trace", of: 4)
        origin.spanID = Name("span-\(random.next())")
        if chance(0.5) { origin.parentSpanID = Name("parent-\(random.next())") }
        if chance(0.8) { origin.scope = name("scope", of: 3) }
        if chance(0.5) { origin.responseID = Name("answer-\(random.next())") }
        return origin
    }

    package mutating func chance(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &random) < probability
    }

    private mutating func count(upTo max: Int64) -> Int64 {
        Int64.random(in: 0...max, using: &random)
    }
}
