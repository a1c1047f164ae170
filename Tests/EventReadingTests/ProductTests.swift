import EventReading
import Foundation
import LedgerModel
import LedgerTesting
import Testing

/// Reads the rows of an export, and the reasons for those passed over.
private func read(
    _ bytes: some Collection<UInt8>, _ format: ImportFormat, set: [String] = [],
    pieceBytes: Int = 256 * 1_024, now: Timestamp = now
) throws -> (items: [ReadItem], passedOver: [String: Int]) {
    try withFile(bytes) { path in
        var limits = ImportLimits()
        limits.pieceBytes = pieceBytes
        let mapping = try ImportMapping(map: [], set: set)
        var reader = try EventFileReader(
            path: path, format: format, mapping: mapping, now: now, limits: limits)
        var items: [ReadItem] = []
        while let item = try reader.next() { items.append(item) }
        return (items, reader.passedOver)
    }
}

private func fixture(_ name: String) throws -> [UInt8] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    return Array(try Data(contentsOf: folder.appending(path: "Fixtures/\(name)")))
}

extension Event {
    fileprivate var externalIDText: String { externalID?.id.string ?? "-" }
}

@Suite("Exports of OpenAI's usage")
struct OpenAIUsageTests {
    @Test("each result of a bucket becomes one event at the start of the bucket")
    func page() throws {
        let (items, passedOver) = try read(fixture("openai-usage-page.json"), .openAIUsage)
        #expect(
            items.map { $0.event != nil } == [
                true, true, true, false, true, true, true, true, true,
            ])
        #expect(items[3].reason == "it has no model: export the usage with group_by=model")
        #expect(items[3].line == 57)
        #expect(passedOver == ["vector stores, files and sessions, which have no unit of usage": 1])

        let first = try items[0].result.get()
        #expect(first.externalID?.source == "openai-usage")
        #expect(
            first.externalIDText
                == "tokens 2025-10-27T00:00:00Z 2025-10-28T00:00:00Z project=proj_web key=key_a1 "
                + "model=gpt-4o-mini-2024-07-18 batch=false tier=default")
        #expect(first.occurredAt.description == "2025-10-27T00:00:00Z")
        #expect(first.dimensions[.provider] == "openai")
        #expect(first.dimensions[.serviceTier] == "default")
        #expect(first.usage[.inputTokens] == 141_201)
        #expect(first.usage[.cacheReadInputTokens] == 96_000)
        #expect(first.usage[.requests] == 470)
        #expect(first.labels?["api_key_id"] == "key_a1")
        #expect(items[1].event?.dimensions[.serviceTier] == "batch")
        // Audio tokens are given without their cached part.
        let voice = try items[2].result.get().usage
        #expect(voice[.inputAudioTokens] == 2_000 && voice[.cacheReadAudioTokens] == 400)

        #expect(items[5].event?.usage == [.inputCharacters: 12_500, .requests: 9])
        #expect(items[6].event?.usage == [.inputSeconds: 3_600_000_000, .requests: 12])
        #expect(items[7].event?.usage == [.images: 3, .requests: 2])
        // The requests that searched are already counted with their tokens.
        #expect(items[8].event?.usage == [.webSearches: 21])
    }

    @Test("the CSV of the dashboard gives a bucket the same id as the API")
    func dashboard() throws {
        let page = try read(fixture("openai-usage-page.json"), .openAIUsage).items
        let (items, passedOver) = try read(fixture("openai-usage-dashboard.csv"), .openAIUsage)
        #expect(items.count == 3)
        #expect(items[0].event?.externalID == page[0].event?.externalID)
        #expect(items[0].event?.usage[.inputTokens] == 141_201)
        #expect(items[1].reason == "num_model_requests \"three\" is not a number")
        #expect(items[1].line == 4)
        #expect(items[2].event?.dimensions[.serviceTier] == "batch")
        #expect(passedOver == ["empty buckets": 1])
    }

    @Test("an unfinished bucket is refused, since it would become a conflict")
    func open() throws {
        let midday = Timestamp(year: 2025, month: 10, day: 27).advanced(
            byMicroseconds: 12 * Timestamp.hourMicroseconds)
        let items = try read(fixture("openai-usage-dashboard.csv"), .openAIUsage, now: midday).items
        #expect(items[0].reason == "the bucket has not ended: import it again once it has")
    }

    @Test("single buckets, pages as lines and pages in an array are read alike")
    func layouts() throws {
        let bucket =
            #"{"object":"bucket","start_time":1761523200,"end_time":1761609600,"results":["#
            + #"{"object":"organization.usage.embeddings.result","input_tokens":8,"#
            + #""num_model_requests":1,"model":"text-embedding-3-small"}]}"#
        let page = #"{"object":"page","data":[\#(bucket)]}"#
        for text in [
            bucket, page, "\(page)\n\(page)", "[\(page),\n\(bucket)]", "{\n\(page.dropFirst())",
            "\(bucket)\r\n\n\(page)\n",
        ] {
            let items = try read(text.utf8, .openAIUsage).items
            #expect(items.count == (text.count > page.count + 9 ? 2 : 1), "\(text)")
            #expect(items.allSatisfy { $0.event?.usage[.inputTokens] == 8 }, "\(text)")
        }
    }
}

@Suite("Exports of LiteLLM")
struct LiteLLMTests {
    @Test("rows become requests, cache hits and failures; bad ones are named by line")
    func rows() throws {
        let items = try read(fixture("litellm-spend.ndjson"), .liteLLMSpend).items
        #expect(
            items.map { $0.event?.kind } == [
                .requestCompleted, .requestCompleted, .requestCompleted, .cacheHit, .requestFailed,
                .requestCompleted, nil, nil, .requestCompleted,
            ])
        #expect(items[6].reason == "prompt_tokens \"many\" is not a number")
        #expect(items[7].line == 8)
        #expect(items[7].reason?.hasPrefix("this is not JSON at byte") == true)

        let first = try items[0].result.get()
        #expect(first.externalID == ExternalID(source: "litellm", id: "chatcmpl-A1"))
        #expect(first.occurredAt.description == "2025-11-20T09:15:00.250000Z")
        #expect(
            first.dimensions == [
                .provider: "openai", .model: "gpt-4o", .operation: "chat", .app: "checkout",
                .team: "growth", .project: "web", .user: "customer-3", .session: "s-1",
            ])
        #expect(
            first.usage == [
                .inputTokens: 1_200, .cacheReadInputTokens: 1_024, .outputTokens: 340,
                .reasoningOutputTokens: 128, .inputAudioTokens: 0,
            ])
        #expect(first.latency == 2_500_000 && first.timeToFirstToken == 250_000)
        #expect(first.labels?["recorded_cost_usd"] == "0.0017625")
        #expect(first.labels?["tags"] == "prod,User-Agent: curl")
        #expect(first.labels?["ticket"] == "T-9")

        #expect(items[4].event?.status == 429)
        #expect(items[4].event?.errorType == "RateLimitError")
        #expect(items[4].event?.usage.isEmpty == true)
    }

    @Test("Anthropic's cache counts are parts of the input, even in rows that left them out")
    func cacheCounts() throws {
        let items = try read(fixture("litellm-spend.ndjson"), .liteLLMSpend).items
        #expect(
            items[1].event?.usage == [
                .inputTokens: 5_000, .cacheReadInputTokens: 3_000, .cacheWriteInputTokens: 500,
                .cacheWriteOneHourInputTokens: 1_000, .outputTokens: 300,
            ])
        // Without a stream, the first token comes with the last, so the time is meaningless.
        #expect(items[1].event?.timeToFirstToken == nil)
        #expect(items[2].event?.usage[.inputTokens] == 4_020)
        #expect(items[2].event?.occurredAt.description == "2024-10-02T11:00:00.500000Z")
    }

    @Test("zeros mean that nothing was counted; a batch's cost row is priced as a batch")
    func unknowns() throws {
        let items = try read(fixture("litellm-spend.ndjson"), .liteLLMSpend).items
        #expect(items[5].event?.usage.isEmpty == true)
        #expect(items[5].event?.dimensions[.model] == "dall-e-3")
        #expect(items[8].event?.dimensions[.serviceTier] == "batch")
    }

    @Test("a CSV with JSON in its cells, an array and NDJSON hold the same events")
    func formats() throws {
        let lines = try fixture("litellm-spend.ndjson").split(separator: 0x0A)
        let good = lines.filter { !$0.starts(with: #"{"request_id":"bad"#.utf8) }
        let expected = try read(Array(good.joined(separator: [0x0A])), .liteLLMSpend).items
            .compactMap(\.event)
        #expect(expected.count == 7)
        let csv = try read(fixture("litellm-spend.csv"), .liteLLMSpend).items
        #expect(csv.map(\.reason) == Array(repeating: nil, count: 7))
        // Python has its own notation for 0.0 and true.
        #expect(csv.compactMap(\.event).map { $0.usage } == expected.map { $0.usage })
        #expect(csv.compactMap(\.event).map { $0.id } == expected.map { $0.id })
        let array = [0x5B] + good.joined(separator: Array(",\n".utf8)) + [0x5D]
        #expect(try read(array, .liteLLMSpend).items.compactMap(\.event) == expected)
        for piece in [1, 7, 100] {
            let items = try read(array, .liteLLMSpend, pieceBytes: piece).items
            #expect(items.compactMap(\.event) == expected)
        }
    }

    @Test("--set fills in what a row does not say, and may name another proxy")
    func constants() throws {
        let items = try read(
            fixture("litellm-spend.ndjson"), .liteLLMSpend,
            set: ["source=litellm-eu", "environment=production", "team=unassigned"]
        ).items
        #expect(items[0].event?.externalID?.source == "litellm-eu")
        #expect(items[0].event?.dimensions[.team] == "growth")
        #expect(items[1].event?.dimensions[.team] == "unassigned")
        #expect(items[1].event?.dimensions[.environment] == "production")
        #expect(throws: ImportFault.self) {
            try read([0x7B, 0x7D], .liteLLMSpend, set: ["type=cache.hit"])
        }
    }

    @Test("labels that do not fit are counted, the request is kept")
    func labels() throws {
        let tags = (0..<60).map { #""tag\#($0)":"\#(String(repeating: "x", count: 30))""# }
        let row =
            #"{"request_id":"r","startTime":"2025-11-20T09:15:00Z","model":"gpt-4o","spend":1.5e-05,"#
            + #""prompt_tokens":1,"metadata":{"spend_logs_metadata":{\#(tags.joined(separator: ","))}}}"#
        let event = try #require(try read(row.utf8, .liteLLMSpend).items.first).result.get()
        let labels = try #require(event.labels)
        #expect(labels["recorded_cost_usd"] == "1.5e-05")
        let kept = labels.pairs.filter { $0.key.string.hasPrefix("tag") }.count
        #expect(labels["labels_dropped"]?.string == String(60 - kept))
        #expect(kept > 20)
    }
}

@Suite("Exports of Langfuse")
struct LangfuseTests {
    @Test("generations become requests whose counts include their parts")
    func observations() throws {
        let (items, passedOver) = try read(fixture("langfuse-observations.json"), .langfuse)
        #expect(passedOver == ["observations other than generations and embeddings": 1])
        #expect(items.map { $0.event != nil } == [true, true, true, false, true, false])
        #expect(items.map(\.line) == [2, 3, 5, 6, 7, 8])
        let first = try items[0].result.get()
        #expect(first.externalID == ExternalID(source: "langfuse", id: "obs-1"))
        #expect(
            first.usage == [
                .inputTokens: 1_200, .cacheReadInputTokens: 1_024, .outputTokens: 340,
                .reasoningOutputTokens: 128,
            ])
        #expect(
            first.dimensions == [
                .provider: "openai", .model: "gpt-4o-2024-08-06", .operation: "chat",
                .environment: "production", .feature: "answer", .user: "u-1", .session: "s-1",
            ])
        #expect(first.latency == 2_500_000 && first.timeToFirstToken == 400_000)
        #expect(first.labels?["recorded_cost_usd"] == "0.00512")
        #expect(first.labels?["tags"] == "beta,de")
        // This sender includes the cached tokens in `input`, as its total shows.
        #expect(items[1].event?.usage[.inputTokens] == 1_200)
        #expect(items[1].event?.dimensions[.provider] == "anthropic")
        #expect(items[2].event?.dimensions[.operation] == "embeddings")
        #expect(
            items[3].reason
                == "the provider of model \"acme-frontier-1\" is unknown: add --set provider=NAME")
        #expect(items[4].event?.kind == .requestFailed)
        #expect(items[5].reason?.hasPrefix("startTime \"yesterday\" is not a time") == true)
    }

    @Test("the blob export's CSV gives the same event as the batch export")
    func blob() throws {
        let (items, passedOver) = try read(fixture("langfuse-blob.csv"), .langfuse)
        let json = try read(fixture("langfuse-observations.json"), .langfuse).items
        #expect(items.count == 1)
        #expect(passedOver.values.reduce(0, +) == 1)
        let (csv, batch) = (try items[0].result.get(), try json[0].result.get())
        #expect(csv.id == batch.id && csv.usage == batch.usage)
        #expect(csv.dimensions == batch.dimensions && csv.latency == batch.latency)
    }
}

@Suite("Exports of Helicone")
struct HeliconeTests {
    @Test("requests, cache hits and failures are distinguished")
    func rows() throws {
        let (items, passedOver) = try read(fixture("helicone-requests.jsonl"), .helicone)
        #expect(
            items.map { $0.event?.kind } == [
                .requestCompleted, .requestCompleted, .cacheHit, .requestFailed, .requestFailed,
                nil,
            ])
        #expect(passedOver == ["requests without an answer yet": 1])
        let first = try items[0].result.get()
        #expect(first.usage[.inputTokens] == 1_200)
        #expect(first.usage[.cacheReadInputTokens] == 1_024)
        #expect(
            first.dimensions == [
                .provider: "openai", .model: "gpt-4o-2024-08-06", .operation: "chat",
                .app: "search",
                .environment: "production", .feature: "rerank", .session: "s-1", .user: "u-1",
            ])
        #expect(first.labels?["plan"] == "pro")
        #expect(first.status == 200 && first.latency == 2_500_000)
        #expect(items[1].event?.usage[.inputTokens] == 3_600)
        #expect(items[1].event?.latency == 1_000_000)
        #expect(items[3].event?.status == 429)
        #expect(items[4].event?.errorType == "cancelled")
        #expect(items[4].event?.dimensions[.provider] == "x-ai")
        #expect(items[5].reason?.contains("input_tokens is -5") == true)
    }

    @Test("the tool's CSV with its doubled quotation marks names the same request")
    func csv() throws {
        let items = try read(fixture("helicone-requests.csv"), .helicone).items
        let json = try read(fixture("helicone-requests.jsonl"), .helicone).items
        let (row, line) = (try items[0].result.get(), try json[0].result.get())
        #expect(row.id == line.id)
        #expect(row.dimensions[.app] == "search" && row.labels?["plan"] == "pro")
        #expect(row.dimensions[.provider] == "openai")
    }

    @Test("the tool's JSON may end with a comma")
    func trailingComma() throws {
        let line = try fixture("helicone-requests.jsonl").prefix { $0 != 0x0A }
        let text = Array("[\n".utf8) + line + Array(",\n]\n".utf8)
        #expect(try read(text, .helicone).items.compactMap(\.event).count == 1)
        #expect(throws: ImportFault.self) { try read(text, .langfuse) }
    }
}

@Suite("Any export")
struct AnyExportTests {
    @Test(
        "--map is refused, and an empty file is a fault",
        arguments: [
            ImportFormat.openAIUsage, .liteLLMSpend, .langfuse, .helicone,
        ])
    func options(_ format: ImportFormat) throws {
        #expect(throws: ImportFault.self) {
            try imported("a\n1\n".utf8, format, map: ["app=a"])
        }
        #expect(throws: ImportFault.self) { try read([], format) }
    }

    @Test(
        "a file of another kind is refused row by row, never read in part",
        arguments: [
            ImportFormat.openAIUsage, .liteLLMSpend, .langfuse, .helicone,
        ])
    func others(_ format: ImportFormat) throws {
        for text in ["{\"a\":1}\n{\"b\":[]}\n", "[1,[2],\"x\"]", "a,b\n1,2\n\"x", "{\"data\":[7]}"]
        {
            let (items, passedOver) = try read(text.utf8, format)
            #expect(items.allSatisfy { $0.event == nil }, "\(text)")
            #expect(items.count + passedOver.count > 0, "\(text)")
        }
    }

    @Test(
        "from mutated exports only valid events are read, and always the same ones",
        arguments: [1, 2, 3, 4])
    func mutations(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for (name, format) in [
            ("openai-usage-page.json", ImportFormat.openAIUsage),
            ("litellm-spend.ndjson", .liteLLMSpend), ("litellm-spend.csv", .liteLLMSpend),
            ("langfuse-observations.json", .langfuse), ("langfuse-blob.csv", .langfuse),
            ("helicone-requests.jsonl", .helicone), ("helicone-requests.csv", .helicone),
        ] {
            for _ in 0..<40 {
                var bytes = try fixture(name)
                for _ in 0..<Int.random(in: 1...4, using: &generator) {
                    let place = Int.random(in: 0..<bytes.count, using: &generator)
                    switch Int.random(in: 0..<3, using: &generator) {
                    case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                    case 1: bytes.remove(at: place)
                    default: bytes.insert(UInt8(ascii: "\""), at: place)
                    }
                }
                do {
                    let events = try read(bytes, format).items.compactMap(\.event)
                    for event in events { try event.validate(at: now) }
                    #expect(try read(bytes, format).items.compactMap(\.event) == events)
                } catch is ImportFault {}
            }
        }
    }
}
