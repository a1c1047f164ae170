import LedgerModel

/// A parsed line item of OpenAI's costs: tier, model, modality and kind of token.
///
/// Known examples: `gpt-4o-2024-08-06, cached input`, `gpt-5.4-2026-03-05, input, long context`,
/// `priority | gpt-5.6-sol, output`, `gpt-audio-mini-2025-12-15 audio, input`, `whisper`, `web
/// search tool calls`, `assistants api | file search`. An item that is not understood stays a
/// separate line item, with its amount and without a count.
struct LineItem {
    let text: String
    private(set) var tier: Name = "standard"
    private(set) var model: Name?
    private(set) var unit: UsageUnit?

    init(_ text: String) {
        self.text = text
        var rest = Substring(text)
        if let bar = rest.firstIndex(of: "|"), let tier = Self.tierPrefixes[word(rest[..<bar])] {
            self.tier = tier
            rest = rest[rest.index(after: bar)...]
        }
        var parts = rest.split(separator: ",").map { word($0) }
        guard !parts.isEmpty else { return }
        var name = parts.removeFirst()
        if parts.isEmpty {
            unit = Self.alone[name]
            model = unit == nil ? Name(name) : nil
            return
        }
        var modality = "text"
        if let space = name.lastIndex(of: " "),
            Self.modalities.contains(String(name[name.index(after: space)...]))
        {
            modality = String(name[name.index(after: space)...])
            name = String(name[..<space])
        }
        model = Name(name)
        var kind: String?
        for part in parts where part != "long context" {
            if let tier = Self.tierPrefixes[part] {
                self.tier = tier
            } else if kind == nil {
                kind = part
            } else {
                return
            }
        }
        unit = kind.flatMap { Self.units["\(modality) \($0)"] }
    }

    /// Sets the fields of a bill's line from the item.
    func describe(_ line: inout BillLine) {
        line.item = text
        line.model = model
        line.tier = text.isEmpty ? nil : tier
        line.unit = unit
    }

    /// The ledger's name of a service tier, from the provider's word.
    static func tier(_ word: String) -> Name {
        switch word.lowercased() {
        case "", "default", "auto", "standard", "on_demand", "message": "standard"
        case let other: Name(other)
        }
    }

    /// A provider's word for a place, as the ledger writes it.
    static func region(_ word: String) -> Name {
        switch word.lowercased() {
        case "", "global", "not_available", "none": "global"
        case let other: Name(other)
        }
    }

    private static let tierPrefixes: [String: Name] = [
        "batch": "batch", "flex": "flex", "priority": "priority", "scale": "scale",
    ]

    private static let modalities: Set<String> = ["text", "audio", "image"]

    private static let units: [String: UsageUnit] = [
        "text input": .inputTokens, "text cached input": .cacheReadInputTokens,
        "text cache writes": .cacheWriteInputTokens, "text cache write": .cacheWriteInputTokens,
        "text output": .outputTokens,
        "audio input": .inputAudioTokens, "audio cached input": .cacheReadAudioTokens,
        "audio output": .outputAudioTokens,
        "image input": .inputImageTokens, "image cached input": .cacheReadImageTokens,
        "image output": .outputImageTokens,
    ]

    /// Line items without a model that have a unit.
    private static let alone: [String: UsageUnit] = ["web search tool calls": .webSearches]
}

/// The text in lower case, without spaces around it.
private func word(_ text: some StringProtocol) -> String {
    String(text.trimmingPrefix { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        .lowercased()
}
