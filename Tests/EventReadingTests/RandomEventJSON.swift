import LedgerModel
import LedgerTesting

/// A JSON writer that shares no code with the reader.
extension RandomEvents {
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
            members.append(("id", quote(random.chance(2) ? text : text.uppercased())))
        }
        for dimension in Dimension.allCases {
            if let value = event.dimensions[dimension] {
                members.append((dimension.name, quote(value.string)))
            } else if random.chance(4) {
                members.append((dimension.name, "null"))
            }
        }
        members.append(("usage", usage(event.usage)))
        if let labels = event.labels { members.append(("labels", object(labels))) }
        if let detail = event.detail { members.append(("detail", object(detail))) }
        if let status = event.status { members.append(("status", number(Int64(status), 0))) }
        if let latency = event.latency { members.append(("latency_ms", number(latency, 3))) }
        if let error = event.errorType { members.append(("error_type", quote(error.string))) }
        members += event.origin.named.map { ($0.name, quote($0.value.string)) }
        members += optimization(event)
        if let cause = event.causeID {
            members.append(("request_id", quote(cause.description)))
        }
        for (name, hash) in [
            ("content_hash", event.contentHash), ("request_hash", event.requestHash),
        ] {
            if let hash { members.append((name, quote(hash.description))) }
        }
        members.shuffle(using: &random)
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
                (name, "{" + texts.shuffled(using: &random).joined(separator: ",") + "}"))
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
            .shuffled(using: &random).joined(separator: ",") + "}"
    }

    /// `value` / 10^scale in one of the ways that JSON allows.
    private mutating func number(_ value: Int64, _ scale: Int) -> String {
        let digits = String(value)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: return "\(digits)e-\(scale)"
        case 1: return "\(digits)000E-\(scale + 3)"
        default:
            if scale == 0 { return random.chance(2) ? digits : digits + ".0" }
            let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
            return padded.dropLast(scale) + "." + padded.suffix(scale)
        }
    }

    private mutating func space() -> String {
        random.chance(8) ? [" ", "\t", "  "].randomElement(using: &random) ?? "" : ""
    }

    private mutating func quote(_ text: String) -> String {
        var json = "\""
        for scalar in text.unicodeScalars {
            let mustEscape = scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
            if mustEscape || random.chance(6) {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16, uppercase: random.chance(2))
                    json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            } else {
                json.unicodeScalars.append(scalar)
            }
        }
        return json + "\""
    }
}
