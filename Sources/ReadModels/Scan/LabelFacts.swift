import Estimating
import LedgerModel

/// What the labels of a request tell read models; see docs/events.md.
struct LabelFacts {
    private(set) var outcome: Outcome?
    private(set) var outputLimit: Int64?
    private(set) var hasTools = false
    private(set) var wantsJSON = false
    private(set) var hasImages = false
    private(set) var estimatedTokens: Int64?
    private(set) var estimatedWith: [UInt8]?
    /// Whether they may name an arm of an experiment.
    private(set) var nameExperiment = false

    /// How an answer ended, by the provider's word.
    enum Outcome: Sendable {
        case finished, cutOff, refused
    }

    /// Reads the canonical form, which has no spaces; what is anything else tells nothing.
    init(_ json: UnsafeRawBufferPointer) {
        var facts = Self()
        Self.read(json) { facts.take($0, $1) }
        self = facts
    }

    private init() {}

    /// Lends each key with its value.
    static func read(
        _ json: UnsafeRawBufferPointer,
        _ take: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Void
    ) {
        if json.contains(UInt8(ascii: "\\")) {
            for (key, value) in Labels(canonicalJSON: String(decoding: json, as: UTF8.self))?.pairs
                ?? []
            {
                Array(key.string.utf8).withUnsafeBytes { key in
                    Array(value.string.utf8).withUnsafeBytes { value in take(key, value) }
                }
            }
            return
        }
        // Without escapes, quotes are where texts begin and end.
        var texts: [UnsafeRawBufferPointer] = []
        var start: Int?
        for index in json.indices where json[index] == UInt8(ascii: "\"") {
            if let opened = start {
                texts.append(UnsafeRawBufferPointer(rebasing: json[opened + 1..<index]))
                start = nil
                if texts.count == 2 {
                    take(texts[0], texts[1])
                    texts.removeAll(keepingCapacity: true)
                }
            } else {
                start = index
            }
        }
    }

    private mutating func take(_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        if key.starts(with: "experiment".utf8) { nameExperiment = true }
        // Most labels are none of ours.
        guard Self.known.contains(where: { $0.utf8.elementsEqual(key) }) else { return }
        switch String(decoding: key, as: UTF8.self) {
        case "finish_reason": outcome = Self.outcomes[Self.lowercased(value)]
        case "max_tokens": outputLimit = Labels.count(value)
        case "tools": hasTools = Self.flag(value)
        case "images": hasImages = Self.flag(value)
        case "response_format":
            wantsJSON = ["json", "json_object", "json_schema"].contains(Self.lowercased(value))
        case "estimated_input_tokens": estimatedTokens = Labels.count(value)
        case "estimated_with": estimatedWith = Array(value)
        default: break
        }
    }

    private static let known = [
        "finish_reason", "max_tokens", "tools", "images", "response_format",
        "estimated_input_tokens", "estimated_with",
    ]

    private static let outcomes: [String: Outcome] = {
        let words: [(Outcome, [String])] = [
            (
                .finished,
                [
                    "stop", "end_turn", "stop_sequence", "tool_calls", "tool_call",
                    "tool-calls", "tool_use",
                    "function_call", "eos", "eos_token", "complete", "completed",
                ]
            ),
            (
                .cutOff,
                [
                    "length", "max_tokens", "max_output_tokens", "model_length",
                    "model_context_window_exceeded",
                ]
            ),
            (
                .refused,
                [
                    "content_filter", "refusal", "safety", "recitation", "blocklist",
                    "prohibited_content", "spii", "guardrail_intervened", "content_filtered",
                    "content-filter",
                ]
            ),
        ]
        var outcomes: [String: Outcome] = [:]
        for (outcome, words) in words { for word in words { outcomes[word] = outcome } }
        return outcomes
    }()

    /// Whether a label says yes: anything but no, false, 0 and nothing.
    private static func flag(_ text: UnsafeRawBufferPointer) -> Bool {
        !["", "0", "false", "no", "none"].contains(lowercased(text))
    }

    private static func lowercased(_ text: UnsafeRawBufferPointer) -> String {
        String(decoding: text, as: UTF8.self).lowercased()
    }
}

extension LabelFacts {
    /// How a completed request ended; nil where nothing tells.
    ///
    /// Without a word of the provider that is known here, an answer that used up its limit was cut
    /// off, and one that did not was finished.
    func outcome(outputTokens: Int64?) -> Outcome? {
        if let outcome { return outcome }
        guard let outputTokens, let outputLimit else { return nil }
        return outputTokens >= outputLimit ? .cutOff : .finished
    }

    /// The estimate of a caller beside what was billed; nil where either is missing or zero.
    func estimate(billed: Int64?) -> (estimated: Int64, billed: Int64, thousandths: Int64)? {
        guard let estimatedTokens, estimatedTokens > 0, let billed, billed > 0 else { return nil }
        let thousandths =
            (Int128(billed) * 2_000 + Int128(estimatedTokens)) / (2 * Int128(estimatedTokens))
        return (estimatedTokens, billed, Int64(min(thousandths, 10_000)))
    }

    func shape(inputTokens: Int64?, inputImageTokens: Int64?) -> PromptShape {
        PromptShape(
            inputTokens: inputTokens, hasTools: hasTools, wantsJSON: wantsJSON,
            hasImages: hasImages || (inputImageTokens ?? 0) > 0)
    }
}
