import LedgerModel
import Pricing
import Testing

/// A request and what it costs, from a public report of a wrong sum.
struct PriceCase: Sendable, CustomTestStringConvertible {
    let id: String
    let provider: Name
    let model: Name
    let usage: Usage
    var tier: Name?
    var region: Name?
    var at = "2026-11-20T12:00:00Z"
    /// Dollars, exact; nil if nobody can tell.
    let right: String?

    init(
        _ id: String, _ provider: Name, _ model: Name, _ usage: Usage, tier: Name? = nil,
        region: Name? = nil, at: String? = nil, costs right: String?
    ) {
        self.id = id
        self.provider = provider
        self.model = model
        self.usage = usage
        self.tier = tier
        self.region = region
        if let at { self.at = at }
        self.right = right
    }

    var testDescription: String { "\(id) \(provider) \(model)" }

    /// What a completed request is charged under the built-in book.
    func charge() throws -> Event? {
        let time = try time(at)
        var request = Event(
            id: EventID(at: time, entropy: (1, 2)), kind: .requestCompleted, occurredAt: time)
        request.dimensions = [.provider: provider, .model: model]
        request.dimensions[.serviceTier] = tier
        request.dimensions[.region] = region
        request.usage = usage
        var rater = Rater(PriceBook.default)
        return try ChargeRule.charge(for: request, rater: &rater)
    }

    private static func counts(
        _ input: Int64, _ output: Int64, read: Int64 = 0, oneHour: Int64 = 0
    ) -> Usage {
        var usage: Usage = [.inputTokens: input, .outputTokens: output]
        if read > 0 { usage[.cacheReadInputTokens] = read }
        if oneHour > 0 { usage[.cacheWriteOneHourInputTokens] = oneHour }
        return usage
    }

    private static let million = counts(1_000_000, 1_000_000)
    private static let small = counts(100_000, 1_000)
    private static let cached = counts(1_000_000, 0, read: 1_000_000)
    private static let hourWrite = counts(100_000, 0, oneHour: 100_000)

    static let dated: [PriceCase] = [
        PriceCase(
            "A10", "openai", "gpt-5.6-sol", counts(1_000, 1_000), tier: "priority",
            at: "2026-07-15", costs: "0.07"),
        PriceCase(
            "A10c", "openai", "gpt-5.6-luna", counts(250_000, 100_000), tier: "priority",
            at: "2026-07-15", costs: "1.7"),
        PriceCase(
            "A10d", "openai", "gpt-5.6-luna", counts(250_000, 100_000), tier: "batch",
            at: "2026-07-15", costs: "0.425"),
        PriceCase(
            "A10e", "openai", "o3", counts(100_000, 10_000), tier: "batch", at: "2025-05-15",
            costs: "0.7"),
        PriceCase(
            "A11a", "deepseek", "deepseek-v4-flash", million, at: "2026-07-10T02:00:00Z",
            costs: "0.42"),
        PriceCase(
            "A11b", "deepseek", "deepseek-v4-flash", million, at: "2026-08-26T02:00:00Z",
            costs: "1.76"),
        PriceCase(
            "A11d", "deepseek", "deepseek-v4-pro", million, at: "2026-11-21T02:00:00Z",
            costs: "2.64"),
        PriceCase(
            "a peak on a weekend before 2026-08-23", "deepseek", "deepseek-v4-pro", million,
            at: "2026-08-22T02:00:00Z", costs: "5.28"),
        PriceCase(
            "a public holiday of China", "deepseek", "deepseek-v4-pro", million,
            at: "2026-10-05T02:00:00Z", costs: "2.64"),
        PriceCase(
            "a Monday after the holidays", "deepseek", "deepseek-v4-pro", million,
            at: "2026-10-12T02:00:00Z", costs: "5.28"),
        PriceCase(
            "a peak on a weekday", "deepseek", "deepseek-flash", million,
            at: "2026-11-20T09:59:59Z", costs: "1.5"),
        PriceCase(
            "A16c", "anthropic", "claude-sonnet-4-6", hourWrite, tier: "batch",
            at: "2026-09-15", costs: "0.3"),
        PriceCase(
            "A16c", "anthropic", "claude-sonnet-4-6", hourWrite, tier: "batch",
            at: "2026-06-02", costs: "0.3"),
        PriceCase(
            "P2", "google", "gemini-3.8-flash", small, tier: "flex", costs: "0.039375"),
        PriceCase(
            "P2 in 2027", "google", "gemini-3.8-flash", small, tier: "flex", at: "2027-01-02",
            costs: "0.07875"),
        PriceCase("P9", "deepseek", "deepseek-reasoner", small, costs: "0.02842"),
        PriceCase("P9", "mistral", "mistral-large-latest", small, costs: "0.0515"),
    ]

    static let sellers: [PriceCase] = [
        PriceCase("A12b", "openai", "ft:gpt-4o-mini", cached, costs: "0.15"),
        PriceCase("A12b", "openai", "ft:gpt-4o", cached, costs: "1.875"),
        PriceCase(
            "A12d", "openai", "ft:gpt-4.1-mini-2025-04-14:acme::x", million, costs: "4"),
        PriceCase(
            "A12d", "openai", "ft:davinci-002:acme::x", counts(1_000, 1_000), costs: "0.024"),
        PriceCase(
            "A14", "anthropic", "claude-sonnet-4-6", counts(23, 10), region: "us",
            costs: "0.0002409"),
        PriceCase(
            "A14, a batch", "anthropic", "claude-sonnet-4-6", counts(2_300, 1_000), tier: "batch",
            region: "us", costs: "0.012045"),
        PriceCase(
            "A14, fast", "anthropic", "claude-opus-5", counts(100_000, 10_000), tier: "fast",
            region: "us", costs: "1.65"),
        PriceCase(
            "A14, an older model", "anthropic", "claude-sonnet-4-5", counts(1_000, 100),
            region: "us", costs: "0.0045"),
        PriceCase(
            "A15b", "anthropic", "claude-opus-4-6", counts(100_000, 10_000), tier: "fast",
            at: "2026-03-10", costs: "4.5"),
        PriceCase(
            "A15b, in US data centres", "anthropic", "claude-opus-4-6", counts(100_000, 10_000),
            tier: "fast", region: "us", at: "2026-03-20", costs: "4.95"),
        PriceCase(
            "A15b, when nobody says", "anthropic", "claude-opus-4-6", counts(100_000, 10_000),
            tier: "fast", at: "2026-07-01", costs: nil),
        PriceCase(
            "A15b", "anthropic", "claude-opus-4-6", counts(100_000, 10_000), tier: "fast",
            costs: "0.75"),
        PriceCase(
            "A37", "x-ai", "grok-4.5", counts(200_000, 0, read: 100_000), costs: "0.23"),
        PriceCase(
            "A37, one more", "x-ai", "grok-4.5", counts(200_001, 0, read: 100_001),
            costs: "0.4600006"),
        PriceCase(
            "A45", "openai", "gpt-5.4", counts(100_000, 10_000), region: "eu", costs: "0.44"),
        PriceCase(
            "a regional endpoint of Vertex", "google", "claude-sonnet-4-5", small,
            region: "us-east5", costs: "0.3465"),
        PriceCase(
            "the global endpoint of Vertex", "google", "claude-sonnet-4-5", small,
            region: "global", costs: "0.315"),
        PriceCase(
            "P3", "azure", "deepseek-r1", small, at: "2026-11-20T10:00:00Z", costs: "0.1404"),
        PriceCase(
            "P4", "mistral", "codestral-latest", counts(100_000, 1_000, read: 60_000),
            costs: "0.0147"),
        PriceCase(
            "P5", "aws", "global.anthropic.claude-sonnet-4-5-20250929-v1:0",
            counts(300_000, 1_000, read: 60_000), costs: "1.4985"),
        PriceCase("P6", "aws", "eu.amazon.nova-pro-v1:0", small, costs: "0.1092"),
        PriceCase(
            "P6, a region path", "aws", "us-gov-west-1/amazon.nova-pro-v1:0", small,
            costs: "0.09984"),
        PriceCase(
            "P7", "azure", "gpt-6-astra-2026-09-03", small, tier: "flex", costs: "0.525"),
        PriceCase("P8", "azure", "gpt-5.5", small, tier: "priority", costs: "1.325"),
        PriceCase("P8", "azure_ai", "gpt-5.5", small, tier: "priority", costs: "1.06"),
        PriceCase("P1", "azure_ai", "mistral-large-latest", small, costs: "0.206"),
        PriceCase("P1", "azure", "mistral-large-latest", small, costs: "0.824"),
    ]

    static let neighbours: [PriceCase] = [
        ("anthropic", "claude-opus-4-10"), ("anthropic", "claude-opus-4-1x"),
        ("anthropic", "claude-sonnet-4-50"), ("anthropic", "claude-haiku-4-55"),
        ("anthropic", "claude-3-opus-mini"), ("deepseek", "deepseek-chat-v9"),
        ("google", "gemini-2.5-pro-ultra"), ("google", "claude-opus-4-50"),
        ("aws", "eu.anthropic.claude-opus-4-60"), ("aws", "cn.amazon.nova-pro-v1:0"),
        ("aws", "eu-central-9/amazon.nova-pro-v1:0"), ("azure", "cn/o4-mini"),
        ("openai", "gpt-4o-realtime-pro"), ("moonshotai", "kimi-k2.50"),
    ].map { PriceCase("A29b", Name($0), Name($1), million, costs: nil) }

    static let versions: [(Name, Name)] = [
        ("anthropic", "claude-opus-4-1-20250805"), ("anthropic", "claude-opus-4-1@20250805"),
        ("anthropic", "claude-sonnet-4-5-latest"), ("anthropic", "claude-opus-4-0"),
        ("anthropic", "claude-sonnet-4-20250514"), ("google", "gemini-2.5-pro-preview-05-06"),
        ("google", "gemini-2.5-pro-exp-03-25"), ("google", "gemini-2.0-flash-001"),
        ("google", "publishers/anthropic/models/claude-opus-4-5@20251101"),
        ("deepseek", "deepseek-chat-v3-0324"), ("deepseek", "deepseek-v4-flash-0731"),
        ("openai", "gpt-4o-realtime-preview-2024-12-17"),
        ("openai", "ft:gpt-4o-2024-08-06:acme::x"),
        ("aws", "us.amazon.nova-pro-v1:0"), ("aws", "amazon.nova-pro-v1:0"),
        ("aws", "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0"),
        ("aws", "anthropic.claude-3-5-sonnet-20241022-v2:0"),
    ]
}

@Suite("Cases of wrong sums")
struct PriceCaseTests {
    @Test(
        "a public report's request costs what it should",
        arguments: PriceCase.dated + PriceCase.sellers)
    func costs(_ example: PriceCase) throws {
        let charge = try #require(try example.charge())
        #expect(charge.amount?.description == example.right, "\(charge.unpriced ?? "")")
    }

    @Test("a name beside a known one is unpriced", arguments: PriceCase.neighbours)
    func neighbour(_ example: PriceCase) throws {
        let charge = try #require(try example.charge())
        #expect(charge.amount == nil)
    }

    @Test("a version of a known model is priced", arguments: PriceCase.versions)
    func version(provider: Name, model: Name) throws {
        let example = PriceCase(
            "", provider, model, [.inputTokens: 1_000, .outputTokens: 10], costs: nil)
        let charge = try #require(try example.charge())
        #expect(charge.amount != nil, "\(charge.unpriced ?? "")")
    }
}
