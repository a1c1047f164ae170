package import LedgerModel

extension RandomEvents {
    /// An event of any kind that applications report, with every possible field.
    package mutating func reported() -> Event {
        let micros = Int64.random(in: 0..<300 * 86_400 * 1_000_000, using: &random)
        let time = Timestamp(year: 2026, month: 1, day: 1).advanced(byMicroseconds: micros)
        let kinds = EventKind.allCases.filter(\.isReported)
        let kind = kinds.randomElement(using: &random) ?? .requestCompleted
        let entropy = (random.next(), random.next())
        var event = Event(id: EventID(at: time, entropy: entropy), kind: kind, occurredAt: time)
        if oneIn(3) {
            let external = ExternalID(
                source: oneIn(2) ? "" : text(), id: Name("x\(text())"))
            event.externalID = external
            event.id = external.eventID(at: time)
        }
        for dimension in Dimension.allCases where oneIn(2) || kind.isRequest {
            event.dimensions[dimension] = text()
        }
        addNumbers(to: &event)
        if kind == .promptOptimized { event.optimization = counts() }
        if kind == .experimentObserved
            || (kind.isRequest || kind == .promptOptimized) && oneIn(3)
        {
            event.quality = Int32.random(in: 0...1_000_000, using: &random)
        }
        if oneIn(3) { event.labels = labels() }
        if oneIn(4) { event.errorType = text() }
        if oneIn(4) { event.contentHash = Digest(hashing: text().string.utf8) }
        if oneIn(4) { event.requestHash = Digest(hashing: text().string.utf8) }
        if !kind.isRequest, oneIn(2) {
            let cause = (random.next(), random.next())
            event.causeID = EventID(at: time, entropy: cause)
            event.detail = labels()
        }
        return event
    }

    private mutating func addNumbers(to event: inout Event) {
        let input = Int64.random(in: 0..<1 << 40, using: &random)
        event.usage[.inputTokens] = input
        for unit in [UsageUnit.outputTokens, .inputSeconds, .outputSeconds, .webSearches]
        where oneIn(2) {
            event.usage[unit] = Int64.random(in: 0..<1 << 45, using: &random)
        }
        if oneIn(2) {
            event.usage[.cacheReadInputTokens] = Int64.random(in: 0...input, using: &random)
        }
        if oneIn(2) {
            event.latency = Int64.random(in: 0..<1 << 40, using: &random)
        }
        if oneIn(2) {
            event.status = Int32.random(in: 100..<600, using: &random)
        }
    }

    private mutating func counts() -> PromptOptimization {
        let stages = (0..<Int.random(in: 0...4, using: &random)).map { index in
            (
                name: Name("s\(index)" + text().string.prefix(3)),
                saved: Int64.random(in: -99...9_999, using: &random),
                isLossless: oneIn(2)
            )
        }
        let saved = stages.reduce(0) { $0 + $1.saved }
        let after = Int64.random(in: 500..<1 << 30, using: &random)
        let counts = try? PromptOptimization(
            tokensBefore: after + saved, tokensAfter: after, stages: stages)
        return counts ?? PromptOptimization()
    }

    private mutating func oneIn(_ count: Int) -> Bool {
        Int.random(in: 0..<count, using: &random) == 0
    }
}
