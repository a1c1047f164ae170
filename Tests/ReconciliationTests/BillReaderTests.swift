import LedgerModel
import Reconciliation
import Testing

@Suite("Bills of OpenAI and Anthropic")
struct BillReaderTests {
    /// A line as text.
    private func words(_ line: BillLine) -> String {
        [
            line.day.dayDescription, line.model?.string ?? "-", line.tier?.string ?? "?",
            line.unit?.name ?? "-", line.quantity.map { String($0) } ?? "-",
            line.amount?.rounded.description ?? "-",
        ].joined(separator: " ")
    }

    private func read(_ names: String..., of provider: BilledProvider) throws -> Bill {
        try BillReader.read(names.map { try fixture($0) }, of: provider)
    }

    @Test("OpenAI's costs: amounts as numbers and texts, tiers, tools, and a day without anything")
    func openAICosts() throws {
        let bill = try read("openai-costs.json", of: .openai)
        #expect(
            bill.lines.map(words) == [
                "2025-06-10 gpt-4o-2024-08-06 standard input_tokens 1600000 4",
                "2025-06-10 gpt-4o-2024-08-06 standard cache_read_input_tokens 400000 0.5",
                "2025-06-10 gpt-4o-2024-08-06 standard output_tokens 200000 2",
                "2025-06-10 gpt-5-mini-2025-08-07 flex output_tokens 12 0",
                "2025-06-10 - standard web_searches 3 0.03",
                "2025-06-10 assistants api | file search standard - - 1.25",
            ])
        #expect(bill.period == day..<Timestamp(year: 2025, month: 6, day: 12))
        #expect(bill.lines.map(\.line).first == 12)
    }

    @Test("OpenAI's usage: cached, cache-write and audio tokens are not counted as input again")
    func openAIUsage() throws {
        let bill = try read("openai-usage-completions.json", of: .openai)
        #expect(
            bill.lines.map(words) == [
                "2025-06-10 gpt-4o-2024-08-06 standard input_tokens 1600000 -",
                "2025-06-10 gpt-4o-2024-08-06 standard cache_read_input_tokens 400000 -",
                "2025-06-10 gpt-4o-2024-08-06 standard output_tokens 200000 -",
                "2025-06-10 gpt-4o-2024-08-06 standard requests 2 -",
                "2025-06-10 gpt-4o-audio-preview batch input_tokens 3000 -",
                "2025-06-10 gpt-4o-audio-preview batch cache_read_input_tokens 600 -",
                "2025-06-10 gpt-4o-audio-preview batch cache_write_input_tokens 300 -",
                "2025-06-10 gpt-4o-audio-preview batch input_audio_tokens 800 -",
                "2025-06-10 gpt-4o-audio-preview batch cache_read_audio_tokens 300 -",
                "2025-06-10 gpt-4o-audio-preview batch output_tokens 500 -",
                "2025-06-10 gpt-4o-audio-preview batch output_audio_tokens 200 -",
                "2025-06-10 gpt-4o-audio-preview batch requests 7 -",
            ])
        #expect(bill.omissions == ["organization.usage.vector_stores.result": 1])
    }

    @Test("OpenAI's exports say the same as its API, with empty rows for empty days")
    func openAIExports() throws {
        let costs = try read("openai-costs.csv", of: .openai)
        #expect(
            costs.lines.map(words) == [
                "2025-06-10 gpt-5-2025-08-07 standard output_tokens - 0.895874",
                "2025-06-12 gpt-5-2025-08-07 priority input_tokens - 0.072054",
            ])
        let activity = try read("openai-activity.csv", of: .openai)
        #expect(
            activity.lines.map(words) == [
                "2025-06-10 gpt-4o-2024-08-06 standard input_tokens 53440 -",
                "2025-06-10 gpt-4o-2024-08-06 standard cache_read_input_tokens 5760 -",
                "2025-06-10 gpt-4o-2024-08-06 standard output_tokens 10646 -",
                "2025-06-10 gpt-4o-2024-08-06 standard requests 10 -",
            ])
        #expect(activity.period == day..<Timestamp(year: 2025, month: 6, day: 12))
    }

    @Test("Anthropic's report has amounts in cents, its console in dollars")
    func anthropic() throws {
        let costs = try read("anthropic-cost-report.json", of: .anthropic)
        #expect(
            costs.lines.map(words) == [
                "2025-06-10 claude-sonnet-4-20250514 standard input_tokens - 3",
                "2025-06-10 claude-sonnet-4-20250514 batch cache_write_1h_input_tokens - 1.2378912",
                "2025-06-10 - ? web_searches - 0.1",
            ])
        let usage = try read("anthropic-usage-messages.json", of: .anthropic)
        #expect(
            usage.lines.map(words) == [
                "2025-06-10 claude-sonnet-4-20250514 standard input_tokens 1000000 -",
                "2025-06-10 claude-sonnet-4-20250514 standard cache_read_input_tokens 200 -",
                "2025-06-10 claude-sonnet-4-20250514 standard cache_write_input_tokens 500 -",
                "2025-06-10 claude-sonnet-4-20250514 standard cache_write_1h_input_tokens 1000 -",
                "2025-06-10 claude-sonnet-4-20250514 standard output_tokens 500 -",
                "2025-06-10 claude-sonnet-4-20250514 standard web_searches 10 -",
            ])
        let console = try read("anthropic-cost.csv", of: .anthropic)
        #expect(
            console.lines.map(words) == [
                "2025-06-10 Claude Haiku 3.5 standard input_tokens - 0.19",
                "2025-06-10 Claude Haiku 3.5 batch output_tokens - 0.03",
                "2025-06-11 Claude Haiku 3.5 standard cache_read_input_tokens - 0",
            ])
        let counts = try read("anthropic-usage.csv", of: .anthropic)
        #expect(
            counts.lines.map(words) == [
                "2025-06-10 claude-3-5-haiku-20241022 standard input_tokens 100000 -",
                "2025-06-10 claude-3-5-haiku-20241022 standard cache_read_input_tokens 400 -",
                "2025-06-10 claude-3-5-haiku-20241022 standard cache_write_input_tokens 15969 -",
                "2025-06-10 claude-3-5-haiku-20241022 standard output_tokens 5000 -",
                "2025-06-10 claude-3-5-haiku-20241022 standard web_searches 10 -",
            ])
    }

    private static let items: [(String, String)] = [
        ("gpt-4o-2024-08-06, input", "gpt-4o-2024-08-06 standard input_tokens"),
        (
            "gpt-5.4-2026-03-05, cached input, long context",
            "gpt-5.4-2026-03-05 standard cache_read_input_tokens"
        ),
        ("gpt-5.6-terra, cache writes", "gpt-5.6-terra standard cache_write_input_tokens"),
        ("priority | gpt-5.6-sol, output", "gpt-5.6-sol priority output_tokens"),
        (
            "gpt-audio-mini-2025-12-15 audio, input",
            "gpt-audio-mini-2025-12-15 standard input_audio_tokens"
        ),
        ("gpt-image-1 text, input", "gpt-image-1 standard input_tokens"),
        (
            "gpt-image-2-2026-04-21 image, output",
            "gpt-image-2-2026-04-21 standard output_image_tokens"
        ),
        ("GPT-4o", "gpt-4o standard -"), ("whisper", "whisper standard -"),
        ("web search tool calls", "- standard web_searches"),
        ("gpt-9, dreams", "gpt-9 standard -"), ("gpt-9, dreams, input", "gpt-9 standard -"),
        ("", "- ? -"),
    ]

    @Test("line items are parsed, and unknown ones have only an amount", arguments: items)
    func lineItems(item: String, expected: String) throws {
        let bill = try BillReader.read([document(costs(item: "\"\(item)\""))], of: .openai)
        let line = try #require(bill.lines.first)
        let words = [
            line.model?.string ?? "-", line.tier?.string ?? "?", line.unit?.name ?? "-",
        ]
        #expect(words.joined(separator: " ") == expected)
        #expect(line.item == item)
    }

    private func costs(
        item: String = "null", value: String = "1.5", currency: String = "\"usd\""
    ) -> String {
        """
        {"data": [{"start_time": 1749513600, "end_time": 1749600000, "results": [
        {"amount": {"value": \(value),
         "currency": \(currency)}, "line_item": \(item)}]}]}
        """
    }

    private static let decimals: [(String, String)] = [
        ("0.06", "0.06"), ("\"12.50\"", "12.5"), ("4.08e-5", "0.0000408"), ("-1", "-1"),
        ("\"0E-6176\"", "0"), ("0.060000000000000005", "0.06"), ("\"0.0000000000005\"", "0"),
        ("\"0.0000000000015\"", "0.000000000002"),
        ("\"0.000000000000500000000001\"", "0.000000000001"), ("1e8", "100000000"),
    ]

    @Test("amounts are read from their digits", arguments: decimals)
    func amounts(value: String, expected: String) throws {
        let bill = try BillReader.read([document(costs(value: value))], of: .openai)
        #expect(bill.lines.first?.amount?.rounded.description == expected)
    }

    private static let export = "usage_date_utc,model,token_type,cost_usd\n"
    private static let start = "{\"data\": [{\"starting_at\": \"2025-06-10T00:00:00Z\",\n"

    private static let refused: [(String, String)] = [
        ("This is a sentence.", "bill: this is not a bill"),
        ("", "bill, line 1: the file is empty"),
        ("{\"data\": [{\"hello\": 1}]}", "bill: this is not a bill"),
        ("{\"data\": [", "bill, line "),
        ("a,b\n1,2\n", "bill: this is not a bill"),
        ("\(export)2025-06-10,m,output\n", "bill, line 2: the row has 3 columns"),
        (
            "\(export)2025-06-10,m,output,1\n\n2025-06-10,m,output,banana\n",
            "bill, line 4: cost_usd is \"banana\": expected an amount of money"
        ),
        (
            "\(export)10.06.2025,m,output,1\n",
            "bill, line 2: usage_date_utc is \"10.06.2025\": expected a day such as"
        ),
        (
            "\(start)\"results\": [{\"amount\": \"1\",\n\"currency\": \"EUR\"}]}]}",
            "bill, line 2: the amount is in EUR, but ledgers are kept in USD"
        ),
        (
            "\(start)\"results\": [{\"amount\": \"1\"}]}]}",
            "bill, line 2: the amount has no currency"
        ),
        (
            "\(start)\"ending_at\": \"2025-06-17T00:00:00Z\", \"results\": []}]}",
            "bill, line 1: the bucket covers more than one UTC day"
        ),
        (
            "\(start)\"results\": [{\"output_tokens\": -5}]}]}",
            "bill, line 2: output_tokens is -5: a count must lie between"
        ),
        (
            "\(start)\"results\": [{\"output_tokens\": 1.5}]}]}",
            "bill, line 2: output_tokens is \"1.5\": expected a whole number"
        ),
    ]

    @Test("anything but a bill is refused with the line and a sentence", arguments: refused)
    func refusals(text: String, expected: String) {
        let fault = #expect(throws: BillFault.self) {
            try BillReader.read([document(text)], of: .anthropic)
        }
        #expect(fault?.description.hasPrefix(expected) == true, "\(fault?.description ?? "")")
    }

    @Test("invalid amounts are refused with their line")
    func badAmounts() {
        for value in ["\"ten\"", "\"\"", "null", "\"1.2.3\"", "\"1e\"", "\"NaN\"", "1e12"] {
            let fault = #expect(throws: BillFault.self) {
                try BillReader.read([document(costs(value: value))], of: .openai)
            }
            #expect(fault?.line == 2, "\(value): \(fault?.description ?? "")")
        }
    }

    @Test("a bill of another provider, and the same file twice, are refused")
    func wrongBills() throws {
        let wrong = #expect(throws: BillFault.self) {
            try read("anthropic-cost.csv", of: .openai)
        }
        #expect(wrong?.reason == "this is a bill of anthropic: use --provider anthropic")
        let twice = #expect(throws: BillFault.self) {
            try read("openai-costs.json", "openai-costs.json", of: .openai)
        }
        #expect(twice?.reason.contains("given twice") == true)
    }
}
