package import LedgerModel

/// What a count in a provider's answer measures.
package enum Measure: Hashable, Sendable {
    /// A unit that events keep.
    case unit(UsageUnit)
    /// Cache writes of every lifetime together.
    ///
    /// One-hour writes are subtracted, which gives the five-minute writes that events keep.
    case allCacheWrites
    /// A count that events don't keep, by its name in genai-prices: text, video and tool tokens,
    /// pages.
    ///
    /// It is part of a count that they do keep, or has no price; it is read because recorded
    /// extractions are compared as a whole.
    case unkept(String)
}

extension Measure {
    /// The name in price files.
    package var name: String {
        switch self {
        case .unit(let unit): unit.name
        case .allCacheWrites: "all_cache_write_tokens"
        case .unkept(let name): name
        }
    }

    package init?(name: some StringProtocol) {
        if let unit = UsageUnit(name: name) {
            self = .unit(unit)
        } else if name == Self.allCacheWrites.name {
            self = .allCacheWrites
        } else if Self.unkeptNames.contains(String(name)) {
            self = .unkept(String(name))
        } else {
            return nil
        }
    }

    /// Reads a usage key of genai-prices.
    package init?(genaiName name: some StringProtocol) {
        let name = String(name)
        if let measure = Self.genaiNames[name] {
            self = measure
        } else if Self.unkeptNames.contains(name) {
            self = .unkept(name)
        } else {
            return nil
        }
    }

    /// The number of stored counts in one of the measure.
    package var scale: Int64 {
        if case .unit(let unit) = self { unit.scale } else { 1 }
    }

    private static let genaiNames: [String: Measure] = [
        "input_tokens": .unit(.inputTokens), "output_tokens": .unit(.outputTokens),
        "cache_read_tokens": .unit(.cacheReadInputTokens), "cache_write_tokens": .allCacheWrites,
        "cache_write_5m_tokens": .unit(.cacheWriteInputTokens),
        "cache_write_1h_tokens": .unit(.cacheWriteOneHourInputTokens),
        "output_reasoning_tokens": .unit(.reasoningOutputTokens),
        "input_audio_tokens": .unit(.inputAudioTokens),
        "output_audio_tokens": .unit(.outputAudioTokens),
        "cache_audio_read_tokens": .unit(.cacheReadAudioTokens),
        "input_image_tokens": .unit(.inputImageTokens),
        "output_image_tokens": .unit(.outputImageTokens),
        "cache_image_read_tokens": .unit(.cacheReadImageTokens),
        // Seconds of audio without a direction are input.
        "audio_seconds": .unit(.inputSeconds), "input_audio_seconds": .unit(.inputSeconds),
        "output_audio_seconds": .unit(.outputSeconds),
        "input_characters": .unit(.inputCharacters), "web_searches": .unit(.webSearches),
    ]

    /// The other usage keys of genai-prices 0.2.3 (`data_units.py`).
    private static let unkeptNames: Set<String> = {
        var names: Set<String> = [
            "input_text_tokens", "output_text_tokens", "cache_text_read_tokens",
            "input_video_tokens", "output_video_tokens", "cache_video_read_tokens",
            "input_tool_tokens", "input_text_messages", "input_pixels", "input_document_pages",
            "input_annotated_document_pages", "rerank_searches", "social_searches",
            "storage_searches", "code_executions", "output_citation_tokens",
        ]
        for modality in ["text", "audio", "image", "video"] {
            names.insert("input_\(modality)_tool_tokens")
            names.insert("output_\(modality)_reasoning_tokens")
            names.insert("output_\(modality)_citation_tokens")
            for lifetime in ["", "5m_", "1h_"] {
                names.insert("cache_\(modality)_write_\(lifetime)tokens")
            }
        }
        return names
    }()
}
