import JSON

/// A unit of what a request used.
///
/// The raw value is its place in `Usage` and is never reused.
///
/// The names follow OpenTelemetry and the providers; counts are inclusive: cached and cache-write
/// tokens are part of input, reasoning is part of output.
package enum UsageUnit: UInt8, CaseIterable, Sendable {
    case inputTokens
    case cacheReadInputTokens
    case cacheWriteInputTokens
    case cacheWriteOneHourInputTokens
    case outputTokens
    case reasoningOutputTokens
    case inputAudioTokens
    case outputAudioTokens
    case cacheReadAudioTokens
    case inputImageTokens
    case outputImageTokens
    case cacheReadImageTokens
    case inputSeconds
    case outputSeconds
    case inputCharacters
    case webSearches
    case images
    case requests

    /// How many units there are.
    static let count = allCases.count

    /// The name in JSON, in SQL and in messages.
    package var name: String { Self.names[Int(rawValue)] }

    private static let names = [
        "input_tokens", "cache_read_input_tokens", "cache_write_input_tokens",
        "cache_write_1h_input_tokens", "output_tokens", "reasoning_output_tokens",
        "input_audio_tokens", "output_audio_tokens", "cache_read_audio_tokens",
        "input_image_tokens", "output_image_tokens", "cache_read_image_tokens", "input_seconds",
        "output_seconds", "input_characters", "web_searches", "images", "requests",
    ]

    package init?(name: some StringProtocol) {
        guard let index = Self.names.firstIndex(where: { $0 == name }) else { return nil }
        self.init(rawValue: UInt8(index))
    }

    /// How many stored counts make one unit: seconds are kept in microseconds.
    package var scale: Int64 {
        switch self {
        case .inputSeconds, .outputSeconds: 1_000_000
        default: 1
        }
    }

    /// The smallest unit whose count includes this one; nil for an independent unit.
    package var container: UsageUnit? {
        switch self {
        case .cacheReadInputTokens, .cacheWriteInputTokens, .cacheWriteOneHourInputTokens,
            .inputAudioTokens, .inputImageTokens:
            .inputTokens
        case .cacheReadAudioTokens: .inputAudioTokens
        case .cacheReadImageTokens: .inputImageTokens
        case .reasoningOutputTokens, .outputAudioTokens, .outputImageTokens: .outputTokens
        default: nil
        }
    }
}

/// The counts of one request, sparse: an absent unit is unknown, not zero.
package struct Usage: Hashable, Sendable {
    private var present: UInt32 = 0
    private var counts = InlineArray<18, Int64>(repeating: 0)

    package init() {}

    /// The largest count of one event, in stored counts.
    package static let countMax: Int64 = 1_000_000_000_000_000

    /// The stored count of a unit (microseconds for seconds); nil if unknown.
    package subscript(unit: UsageUnit) -> Int64? {
        get { has(unit) ? value(unit) : nil }
        set { set(unit, newValue) }
    }

    package func has(_ unit: UsageUnit) -> Bool { present & (1 << UInt32(unit.rawValue)) != 0 }
    package func value(_ unit: UsageUnit) -> Int64 { counts[Int(unit.rawValue)] }
    package mutating func set(_ unit: UsageUnit, _ count: Int64?) {
        let bit: UInt32 = 1 << UInt32(unit.rawValue)
        present = count == nil ? present & ~bit : present | bit
        counts[Int(unit.rawValue)] = count ?? 0
    }

    subscript(unchecked index: Int) -> Int64? {
        present & (1 << UInt32(index)) == 0 ? nil : counts[index]
    }

    package var isEmpty: Bool { present == 0 }

    /// The units with a count, in the order of their numbers.
    package var units: [UsageUnit] { UsageUnit.allCases.filter(has) }

    package static func == (a: Usage, b: Usage) -> Bool {
        guard a.present == b.present else { return false }
        return UsageUnit.allCases.allSatisfy { a.value($0) == b.value($0) }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(present)
        for unit in UsageUnit.allCases { hasher.combine(value(unit)) }
    }
}

extension Usage: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (UsageUnit, Int64)...) {
        for (unit, count) in elements { self[unit] = count }
    }
}

/// Why a usage cannot be true; it is refused with the evidence and never priced.
package enum UsageContradiction: Error, Hashable, Sendable {
    case outOfRange(UsageUnit, count: Int64)
    /// Parts of a unit that add up to more than the unit itself.
    case partsExceedWhole(UsageUnit, whole: Int64, parts: [UsageUnit], sum: Int64)
}

extension Usage {
    /// Refuses negative and absurd counts, and parts that add up to more than their whole.
    ///
    /// A modality's cached part belongs both to the modality and to the cached input, so the parts
    /// of input are checked twice: by modality and by cache.
    package func validate() throws(UsageContradiction) {
        try validateCounts()
        // The two commonest shapes, only input and output, have no parts to check.
        if present & ~Self.wholes == 0 { return }
        for (whole, parts) in Self.partitions {
            var sum: Int64 = 0
            for part in parts { sum += value(part) }
            // An unknown whole without parts is fine; parts of an unknown whole are not.
            if sum > value(whole) {
                throw .partsExceedWhole(
                    whole, whole: value(whole), parts: parts.filter { value($0) > 0 }, sum: sum)
            }
        }
    }

    /// Refuses negative and absurd counts.
    package func validateCounts() throws(UsageContradiction) {
        var rest = present
        while rest != 0 {
            let index = rest.trailingZeroBitCount
            rest &= rest - 1
            let count = counts[index]
            if count < 0 || count > Self.countMax, let unit = UsageUnit(rawValue: UInt8(index)) {
                throw .outOfRange(unit, count: count)
            }
        }
    }

    private static let wholes: UInt32 =
        1 << UInt32(UsageUnit.inputTokens.rawValue) | 1 << UInt32(UsageUnit.outputTokens.rawValue)

    private static let partitions: [(UsageUnit, [UsageUnit])] = [
        (
            .inputTokens,
            [.cacheReadInputTokens, .cacheWriteInputTokens, .cacheWriteOneHourInputTokens]
        ),
        (.inputTokens, [.inputAudioTokens, .inputImageTokens]),
        (.outputTokens, [.reasoningOutputTokens, .outputAudioTokens, .outputImageTokens]),
        (.inputAudioTokens, [.cacheReadAudioTokens]),
        (.inputImageTokens, [.cacheReadImageTokens]),
        (.cacheReadInputTokens, [.cacheReadAudioTokens, .cacheReadImageTokens]),
    ]
}

extension UsageContradiction: Fault {
    package var kind: FaultKind { .invalid }

    package var description: String {
        switch self {
        case .outOfRange(let unit, let count):
            "\(unit.name) is \(decimal(Int128(count), unit)): a count must lie between 0 and "
                + "\(decimal(Int128(Usage.countMax), unit))"
        case .partsExceedWhole(let unit, let whole, let parts, let sum):
            "\(parts.map(\.name).joined(separator: " + ")) is \(decimal(Int128(sum), unit)), more "
                + "than the \(decimal(Int128(whole), unit)) \(unit.name) that include it"
        }
    }

    private func decimal(_ count: Int128, _ unit: UsageUnit) -> String {
        JSON.decimal(count, scale: unit.scale == 1 ? 0 : 6)
    }
}
