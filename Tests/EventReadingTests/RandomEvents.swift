import LedgerModel

/// Random valid events, and a JSON writer that shares no code with the reader.
struct RandomEvents {
    var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func next() -> Event {
        let micros = Int64.random(in: 0..<300 * 86_400 * 1_000_000, using: &generator)
        let time = Timestamp(year: 2026, month: 1, day: 1).advanced(byMicroseconds: micros)
        let kinds = EventKind.allCases.filter(\.isReported)
        let kind = kinds.randomElement(using: &generator) ?? .requestCompleted
        let entropy = (generator.next(), generator.next())
        var event = Event(id: EventID(at: time, entropy: entropy), kind: kind, occurredAt: time)
        if generator.chance(3) {
            let external = ExternalID(
                source: generator.chance(2) ? "" : Name(text()), id: Name("x" + text()))
            event.externalID = external
            event.id = external.eventID(at: time)
        }
        for dimension in Dimension.allCases where generator.chance(2) || kind.isRequest {
            event.dimensions[dimension] = Name(text())
        }
        addNumbers(to: &event)
        if kind == .promptOptimized { event.optimization = optimization() }
        if kind == .experimentObserved
            || (kind.isRequest || kind == .promptOptimized) && generator.chance(3)
        {
            event.quality = Int32.random(in: 0...1_000_000, using: &generator)
        }
        if generator.chance(3) { event.labels = labels() }
        if generator.chance(4) { event.errorType = Name(text()) }
        if generator.chance(4) { event.contentHash = Digest(hashing: text().utf8) }
        if !kind.isRequest, generator.chance(2) {
            let cause = (generator.next(), generator.next())
            event.causeID = EventID(at: time, entropy: cause)
            event.detail = labels()
        }
        return event
    }

    private mutating func addNumbers(to event: inout Event) {
        let input = Int64.random(in: 0..<1 << 40, using: &generator)
        event.usage[.inputTokens] = input
        for unit in [UsageUnit.outputTokens, .inputSeconds, .outputSeconds, .webSearches]
        where generator.chance(2) {
            event.usage[unit] = Int64.random(in: 0..<1 << 45, using: &generator)
        }
        if generator.chance(2) {
            event.usage[.cacheReadInputTokens] = Int64.random(in: 0...input, using: &generator)
        }
        if generator.chance(2) {
            event.latency = Int64.random(in: 0..<1 << 40, using: &generator)
        }
        if generator.chance(2) {
            event.status = Int32.random(in: 100..<600, using: &generator)
        }
    }

    private mutating func optimization() -> PromptOptimization {
        let stages = (0..<Int.random(in: 0...4, using: &generator)).map { index in
            (
                name: Name("s\(index)" + text().prefix(3)),
                saved: Int64.random(in: -99...9_999, using: &generator),
                isLossless: generator.chance(2)
            )
        }
        let saved = stages.reduce(0) { $0 + $1.saved }
        let after = Int64.random(in: 500..<1 << 30, using: &generator)
        let counts = try? PromptOptimization(
            tokensBefore: after + saved, tokensAfter: after, stages: stages)
        return counts ?? PromptOptimization()
    }

    private mutating func labels() -> Labels? {
        let count = Int.random(in: 0...8, using: &generator)
        return try? Labels((0..<count).map { (Name("k\($0)" + text()), Name(text())) })
    }

    /// Text of all kinds of characters, never empty and without NUL.
    mutating func text() -> String {
        let samples: [String] = [
            "a", "Z", "0", " ", "\"", "\\", "/", "\u{1}", "\n", "\t", "\u{1F}", "é", "e\u{301}",
            "日本", "\u{10FFFF}", "😀", "{", "}", "[", "]", ",", ":", "\u{7F}", "\u{FFFD}",
        ]
        let count = Int.random(in: 1...20, using: &generator)
        return (0..<count).map { _ in samples.randomElement(using: &generator) ?? "a" }.joined()
    }

    // MARK: Writing

    /// The event as JSON, its members in a random order and its strings escaped at random.
    mutating func json(_ event: Event) -> String {
        var members: [(String, String)] = [
            ("type", quote(event.kind.name)), ("occurred_at", quote(event.occurredAt.description)),
        ]
        if let external = event.externalID {
            members.append(("id", quote(external.id.string)))
            if !external.source.string.isEmpty {
                members.append(("source", quote(external.source.string)))
            }
        } else {
            let text = event.id.description
            members.append(("id", quote(generator.chance(2) ? text : text.uppercased())))
        }
        for dimension in Dimension.allCases {
            if let value = event.dimensions[dimension] {
                members.append((dimension.name, quote(value.string)))
            } else if generator.chance(4) {
                members.append((dimension.name, "null"))
            }
        }
        members.append(("usage", usage(event.usage)))
        if let labels = event.labels { members.append(("labels", object(labels))) }
        if let detail = event.detail { members.append(("detail", object(detail))) }
        if let status = event.status { members.append(("status", number(Int64(status), 0))) }
        if let latency = event.latency { members.append(("latency_ms", number(latency, 3))) }
        if let error = event.errorType { members.append(("error_type", quote(error.string))) }
        members += optimization(event)
        if let cause = event.causeID {
            members.append(("request_id", quote(cause.description)))
        }
        if let hash = event.contentHash {
            members.append(("content_hash", quote(hash.description)))
        }
        members.shuffle(using: &generator)
        return "{"
            + members.map { quote($0.0) + space() + ":" + space() + $0.1 + space() }
            .joined(separator: ",") + "}"
    }

    private mutating func optimization(_ event: Event) -> [(String, String)] {
        let counts = event.optimization
        var members: [(String, String)] = []
        for (name, count) in [
            ("tokens_before", counts.tokensBefore), ("tokens_after", counts.tokensAfter),
        ] {
            if let count { members.append((name, number(count, 0))) }
        }
        if let quality = event.quality { members.append(("quality", number(Int64(quality), 6))) }
        for (name, stages) in [("stages", counts.stages), ("lossy_stages", counts.lossyStages)] {
            guard let stages else { continue }
            let texts = stages.pairs.map { quote($0.stage.string) + ":\($0.saved)" }
            members.append(
                (name, "{" + texts.shuffled(using: &generator).joined(separator: ",") + "}"))
        }
        return members
    }

    private mutating func usage(_ usage: Usage) -> String {
        let members = usage.units.map { unit in
            quote(unit.name) + ":"
                + number(usage[unit] ?? 0, unit.scale == 1 ? 0 : 6)
        }
        return "{" + members.joined(separator: ",") + "}"
    }

    private mutating func object(_ labels: Labels) -> String {
        "{"
            + labels.pairs.map { quote($0.key.string) + ":" + quote($0.value.string) }
            .shuffled(using: &generator).joined(separator: ",") + "}"
    }

    /// `value` / 10^scale in one of the ways that JSON allows.
    private mutating func number(_ value: Int64, _ scale: Int) -> String {
        let digits = String(value)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: return "\(digits)e-\(scale)"
        case 1: return "\(digits)000E-\(scale + 3)"
        default:
            if scale == 0 { return generator.chance(2) ? digits : digits + ".0" }
            let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
            return padded.dropLast(scale) + "." + padded.suffix(scale)
        }
    }

    private mutating func space() -> String {
        generator.chance(8) ? [" ", "\t", "  "].randomElement(using: &generator) ?? "" : ""
    }

    private mutating func quote(_ text: String) -> String {
        var json = "\""
        for scalar in text.unicodeScalars {
            let mustEscape = scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
            if mustEscape || generator.chance(6) {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16, uppercase: generator.chance(2))
                    json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            } else {
                json.unicodeScalars.append(scalar)
            }
        }
        return json + "\""
    }
}
