import LedgerModel

/// A report of an organisation API, with the breakdown that a comparison needs.
struct Report {
    let path: String
    let query: [(String, String)]
}

extension BilledProvider {
    package var keyVariable: String {
        switch self {
        case .openai: "OPENAI_ADMIN_KEY"
        case .anthropic: "ANTHROPIC_ADMIN_KEY"
        }
    }

    var defaultBaseURL: String {
        switch self {
        case .openai: "https://api.openai.com"
        case .anthropic: "https://api.anthropic.com"
        }
    }

    func headers(key: String) -> [(String, String)] {
        switch self {
        case .openai: [("authorization", "Bearer \(key)")]
        case .anthropic: [("x-api-key", key), ("anthropic-version", "2023-06-01")]
        }
    }

    /// The query for some days: OpenAI uses seconds, Anthropic RFC 3339; the end is exclusive in
    /// both.
    func query(_ days: Range<Timestamp>) -> [(String, String)] {
        switch self {
        case .openai:
            [
                ("start_time", String(days.lowerBound.unixMicroseconds / 1_000_000)),
                ("end_time", String(days.upperBound.unixMicroseconds / 1_000_000)),
                ("bucket_width", "1d"),
            ]
        case .anthropic:
            [
                ("starting_at", days.lowerBound.description),
                ("ending_at", days.upperBound.description), ("bucket_width", "1d"),
            ]
        }
    }

    /// The reports of a provider; page sizes are the largest that each report permits.
    var reports: [Report] {
        switch self {
        case .openai:
            let usage = "/v1/organization/usage/"
            let byModel = [("group_by", "model"), ("limit", "31")]
            return [
                Report(
                    path: "/v1/organization/costs",
                    query: [("group_by", "line_item"), ("limit", "180")]),
                Report(
                    path: usage + "completions",
                    query: byModel + [("group_by", "batch"), ("group_by", "service_tier")]),
                Report(path: usage + "embeddings", query: byModel),
                Report(path: usage + "images", query: byModel),
                Report(path: usage + "audio_speeches", query: byModel),
                Report(path: usage + "audio_transcriptions", query: byModel),
            ]
        case .anthropic:
            return [
                Report(
                    path: "/v1/organizations/cost_report",
                    query: [("group_by[]", "description"), ("limit", "31")]),
                Report(
                    path: "/v1/organizations/usage_report/messages",
                    query: [
                        ("group_by[]", "model"), ("group_by[]", "service_tier"), ("limit", "31"),
                    ]),
            ]
        }
    }
}
