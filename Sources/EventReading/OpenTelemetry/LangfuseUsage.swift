import JSON
import LedgerModel

/// The counts of a Langfuse observation, which its SDK sends as JSON in one attribute.
///
/// Its own names exclude their parts; what OpenAI's client returned is passed on as it is, with the
/// parts in objects of their own and in their whole. A total that is there decides.
enum LangfuseUsage {
    private enum Side { case input, output, neither }

    private static let wholes: [String: Side] = [
        "input": .input, "input_tokens": .input, "prompt_tokens": .input,
        "output": .output, "output_tokens": .output, "completion_tokens": .output,
    ]

    /// The parts of OpenAI's objects; `audio_tokens` is of the side of its object.
    private static let nested: [String: UsageUnit] = [
        "cached_tokens": .cacheReadInputTokens, "reasoning_tokens": .reasoningOutputTokens,
    ]

    /// Reads the counts; nil if the text is no object of numbers or nothing was counted.
    static func read(_ text: String) -> Usage? {
        guard let members = (try? JSONTree(parsing: text.utf8))?.members else { return nil }
        var sum = Sum()
        for member in members {
            let name = member.key.lowercased()
            if let count = member.value.integer {
                sum.add(Int64(count), named: name)
            } else if let details = member.value.members {
                let isInput = name.contains("input") || name.contains("prompt")
                sum.add(details, of: isInput ? .input : .output)
            }
        }
        return sum.usage
    }

    private struct Sum {
        private var bases: [Side: Int64] = [:]
        private var parts: [Side: Int64] = [:]
        private var units = Usage()
        private var total: Int64?
        private var isNested = false

        mutating func add(_ count: Int64, named name: String) {
            guard (0...Usage.countMax).contains(count) else { return }
            if name == "total" || name == "total_tokens" {
                total = count
            } else if let side = wholes[name] {
                bases[side] = count
            } else if let (side, unit) = ProductMapping.langfuseCounts.known[name] {
                let side: Side =
                    switch side {
                    case .input: .input
                    case .output: .output
                    case .neither: .neither
                    }
                add(count, unit, of: side)
            } else {
                let side: Side =
                    name.contains("input") ? .input : name.contains("output") ? .output : .neither
                add(count, nil, of: side)
            }
        }

        mutating func add(_ details: [JSONTree.Member], of side: Side) {
            isNested = true
            for member in details {
                guard let count = member.value.integer.map({ Int64($0) }),
                    (0...Usage.countMax).contains(count)
                else { continue }
                var unit = nested[member.key]
                if member.key == "audio_tokens" {
                    unit = side == .input ? .inputAudioTokens : .outputAudioTokens
                }
                if let unit { units[unit] = (units[unit] ?? 0) + count }
            }
        }

        private mutating func add(_ count: Int64, _ unit: UsageUnit?, of side: Side) {
            parts[side, default: 0] += count
            if let unit { units[unit] = (units[unit] ?? 0) + count }
        }

        var usage: Usage? {
            var usage = units
            let whole = (bases[.input] ?? 0) + (bases[.output] ?? 0)
            let isInclusive = isNested || total == whole
            for (unit, side) in [(UsageUnit.inputTokens, Side.input), (.outputTokens, .output)] {
                guard bases[side] != nil || parts[side] != nil else { continue }
                usage[unit] = (bases[side] ?? 0) + (isInclusive ? 0 : parts[side] ?? 0)
            }
            let isCounted = usage.units.contains { usage.value($0) != 0 }
            return isCounted ? usage : nil
        }
    }
}
