/// The encodings that are included with the program, by their usual names.
package enum TokenEncoding: String, Sendable, CaseIterable, Codable {
    case r50k = "r50k_base"
    case p50k = "p50k_base"
    case cl100k = "cl100k_base"
    case o200k = "o200k_base"
    case o200kHarmony = "o200k_harmony"
    case qwen2
    case qwen25 = "qwen2.5"
    case qwen3 = "qwen3"
    case deepSeekV3 = "deepseek_v3"
    case tekken

    package var name: String { rawValue }

    /// The packed vocabulary that it uses; some encodings share one.
    package var vocabularyName: String {
        switch self {
        case .r50k: "r50k"
        case .p50k: "p50k"
        case .cl100k: "cl100k"
        case .o200k, .o200kHarmony: "o200k"
        case .qwen2, .qwen25, .qwen3: "qwen"
        case .deepSeekV3: "deepseek_v3"
        case .tekken: "tekken"
        }
    }

    /// The bit that marks special tokens of the file as belonging to this encoding.
    var specialBit: UInt16 {
        switch self {
        case .o200kHarmony, .qwen3: 2
        case .qwen2: 4
        default: 1
        }
    }

    var normalization: Normalization {
        switch self {
        case .qwen2, .qwen25, .qwen3: Normalization([.composed])
        default: Normalization([])
        }
    }

    var splitting: Splitting {
        switch self {
        case .r50k, .p50k: .gpt2
        case .cl100k: .cl100k
        case .o200k, .o200kHarmony: .o200k
        case .qwen2, .qwen25, .qwen3: .qwen
        case .deepSeekV3: .deepSeekV3
        case .tekken: .tekken
        }
    }
}
