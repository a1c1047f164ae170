import EventReading
import LedgerModel
import Pricing
import Testing

/// Public reports of wrong sums: small inputs, and what they cost.
@Suite("What others got wrong costs the right sum")
struct CaseTests {
    private static func cost(_ event: Event?) throws -> String {
        let event = try #require(event)
        let rating = try PriceBook.default.rate(
            event.usage, provider: event.dimensions[.provider],
            model: event.dimensions[.model] ?? "", serviceTier: event.dimensions[.serviceTier],
            region: event.dimensions[.region], at: event.occurredAt)
        switch rating {
        case .priced(let amount): return amount.description
        case .unpriced(let reason): return reason.description
        }
    }

    private struct Case: Sendable, CustomTestStringConvertible {
        let id: String
        let provider: String
        let model: String
        let input: Int64
        let output: Int64
        let more: KeyValuePairs<String, Int64>
        let cost: String
        var testDescription: String { id }

        init(
            _ id: String, _ provider: String, _ model: String, _ input: Int64, _ output: Int64,
            _ more: KeyValuePairs<String, Int64>, _ cost: String
        ) {
            (self.id, self.provider, self.model) = (id, provider, model)
            (self.input, self.output, self.more, self.cost) = (input, output, more, cost)
        }
    }

    private static let spans = [
        Case(
            "B02", "openai.responses", "gpt-5-nano", 2224, 1469,
            ["ai.usage.cachedInputTokens": 2048], "0.00060664"),
        Case(
            "B03", "anthropic.messages", "claude-sonnet-4-5", 10_000, 500,
            [
                "ai.usage.inputTokenDetails.cacheReadTokens": 8000,
                "ai.usage.inputTokenDetails.cacheWriteTokens": 1000,
            ], "0.01665"),
        Case(
            "B07", "github", "claude-sonnet-4.6", 21_884, 80,
            ["gen_ai.usage.cache_creation.input_tokens": 21_881], "0.08326275"),
        Case(
            "B09b", "aws.bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", 22_086, 631,
            [
                "gen_ai.usage.cache_write_input_tokens": 17_787,
                "gen_ai.usage.total_tokens": 22_717,
            ], "0.097969575"),
        Case(
            "B13", "xai", "grok-4.3", 10_120, 1499,
            [
                "gen_ai.usage.cache_read.input_tokens": 128,
                "gen_ai.usage.reasoning.output_tokens": 2809,
                "gen_ai.usage.total_tokens": 14_428,
            ], "0.0232856"),
        Case(
            "B13c", "gcp.gemini", "gemini-2.5-flash", 15, 359,
            [
                "gen_ai.usage.reasoning.output_tokens": 661, "gen_ai.usage.total_tokens": 1035,
            ], "0.0025545"),
        Case(
            "B13d", "gcp.gemini", "gemini-2.5-flash", 20, 151,
            ["gen_ai.usage.reasoning.output_tokens": 82, "gen_ai.usage.total_tokens": 253],
            "0.0005885"),
        Case(
            "B13e", "gcp.gemini", "gemini-2.5-flash", 20, 151,
            ["gen_ai.usage.total_tokens": 553], "0.0013385"),
        Case(
            "B20", "anthropic.messages", "claude-sonnet-4-5", 1000, 500,
            ["ai.usage.cachedInputTokens": 8000, "ai.usage.totalTokens": 1500], "0.0129"),
        Case("B21", "google", "models/gemini-2.5-flash", 100, 10, [:], "0.000055"),
    ]

    @Test("in telemetry", arguments: spans)
    private func telemetry(_ example: Case) throws {
        var attributes: Attributes = [
            "gen_ai.operation.name": "chat", "gen_ai.system": .text(example.provider),
            "gen_ai.request.model": .text(example.model),
            "gen_ai.usage.input_tokens": .integer(example.input),
            "gen_ai.usage.output_tokens": .integer(example.output),
        ]
        attributes.pairs += example.more.map { ($0.key, .integer($0.value)) }
        // Noon of 20 November 2026.
        let span = SpanSample(attributes).with { $0.start = 1_795_176_000_000_000_000 }
        #expect(try Self.cost(try spanEvent(span)) == example.cost)
    }

    @Test("in exports of other products")
    func exports() throws {
        func langfuse(_ model: String, _ details: String) throws -> Event? {
            let row =
                #"{"id":"o","type":"GENERATION","startTime":"2026-11-20T12:00:00Z","#
                + #""model":"\#(model)","usageDetails":{\#(details)}}"#
            return try imported(row.utf8, .langfuse).first?.event
        }
        let priority = #""input_priority":13,"output_priority":1"#
        #expect(try Self.cost(langfuse("gpt-5.4", priority)) == "0.000095", "C07")
        let flex = #""input_flex":500,"input_flex_cache_read":500,"output_flex":100"#
        #expect(try Self.cost(langfuse("gpt-5.4", flex)) == "0.0014375", "C07b")
        let counts = #""input":1000000,"output":0"#
        for (model, cost) in [("openai/gpt-4o-mini", "0.15"), ("azure/gpt-4o-mini", "0.15")] {
            #expect(try Self.cost(langfuse(model, counts)) == cost, "C08 \(model)")
        }
        for (id, fact, cost) in [
            ("C11", #""speed":"fast""#, "0.0015"), ("C12", #""inference_geo":"us""#, "0.000825"),
        ] {
            let opus =
                #"{"request_id":"r","startTime":"2026-11-20T12:00:00Z","model":"claude-opus-5","#
                + #""custom_llm_provider":"anthropic","prompt_tokens":100,"#
                + #""completion_tokens":10,"metadata":{"usage_object":{\#(fact)}}}"#
            let event = try imported(opus.utf8, .liteLLMSpend).first?.event
            #expect(try Self.cost(event) == cost, "\(id)")
        }
        let gemini =
            #"{"response_id":"r","response_status":200,"request_model":"gemini-2.5-flash","#
            + #""request_created_at":"2026-11-20T12:00:00Z","provider":"GOOGLE","#
            + #""prompt_tokens":15,"completion_tokens":359,"total_tokens":1035}"#
        #expect(try Self.cost(imported(gemini.utf8, .helicone).first?.event) == "0.0025545", "C15")
    }
}
