import EventReading
import LedgerModel
import Testing

/// Counts that files of other products keep outside of their totals.
@Suite("The counts of imported rows")
struct ImportCountTests {
    /// Input, cache reads, cache writes for five minutes and for an hour, output, reasoning.
    private static func counts(_ item: ReadItem?) -> [Int64?] {
        guard let usage = item?.event?.usage else { return [] }
        return [
            usage[.inputTokens], usage[.cacheReadInputTokens], usage[.cacheWriteInputTokens],
            usage[.cacheWriteOneHourInputTokens], usage[.outputTokens],
            usage[.reasoningOutputTokens],
        ]
    }

    private static func langfuse(
        _ details: String, model: String = "gpt-5.4", more: String = "", set: [String] = []
    ) throws -> ReadItem? {
        let row =
            #"{"id":"o","type":"GENERATION","startTime":"2025-11-20T12:00:00Z","model":"\#(model)","#
            + #""usageDetails":{\#(details)}\#(more)}"#
        return try imported(row.utf8, .langfuse, set: set).first
    }

    // MARK: Langfuse

    @Test(
        "Langfuse's names are read word by word, and tell the tier",
        arguments: [
            (#""input_priority":13,"output_priority":1"#, "priority", [13, nil, nil, nil, 1, nil]),
            (
                #""input_flex":500,"input_flex_cache_read":500,"output_flex":100"#, "flex",
                [1000, 500, nil, nil, 100, nil]
            ),
            (
                #""input":0,"input_flex":500,"input_flex_cache_read":500,"output":0,"#
                    + #""output_flex":70,"output_flex_reasoning":30,"total":1100"#,
                "flex", [1000, 500, nil, nil, 100, 30]
            ),
            // Later SDKs leave a tier's input in `input` too.
            (
                #""input":13,"input_priority":13,"output":1,"output_priority":1,"total":14"#,
                "priority", [13, nil, nil, nil, 1, nil]
            ),
            // A tier's input includes what is written to the cache.
            (
                #""input":0,"input_flex":700,"input_flex_cache_read":300,"#
                    + #""input_flex_cache_creation":200,"output":0,"output_flex":100,"total":1100"#,
                "flex", [1000, 300, 200, nil, 100, nil]
            ),
            (
                #""input":100,"input_cache_read":50,"input_cache_creation":0,"#
                    + #""input_ephemeral_5m_input_tokens":20,"input_ephemeral_1h_input_tokens":30,"#
                    + #""output":9,"total":209"#,
                nil, [200, 50, 20, 30, 9, nil]
            ),
            (
                #""input":100,"cache_creation_input_tokens":50,"#
                    + #""cache_creation_ephemeral_5m_input_tokens":20,"#
                    + #""cache_creation_ephemeral_1h_input_tokens":30,"output":9"#,
                nil, [150, nil, 20, 30, 9, nil]
            ),
            // Nothing tells that the cached tokens were inside: documented.
            (
                #""input":17903,"input_cached_tokens":17817,"output":100,"total":35820"#, nil,
                [35_720, 17_817, nil, nil, 100, nil]
            ),
        ] as [(String, Name?, [Int64?])])
    func names(_ details: String, _ tier: Name?, _ expected: [Int64?]) throws {
        let item = try Self.langfuse(details)
        #expect(Self.counts(item) == expected, "\(item?.reason ?? "")")
        #expect(item?.event?.dimensions[.serviceTier] == tier)
    }

    @Test("counts that fit no total are refused, unless somebody says how they count")
    func unfit() throws {
        let details = #""input":100,"input_cached_tokens":50,"output":9,"total":500"#
        let reason = try Self.langfuse(details)?.reason
        #expect(reason?.hasPrefix("the counts do not add up to their total of 500: they") == true)
        #expect(reason?.contains("--set counts=exclusive") == true)
        let exclusive = try Self.langfuse(details, set: ["counts=exclusive"])
        #expect(Self.counts(exclusive) == [150, 50, nil, nil, 9, nil])
        let inclusive = try Self.langfuse(details, set: ["counts=inclusive"])
        #expect(Self.counts(inclusive) == [100, 50, nil, nil, 9, nil])
        let tiers = try Self.langfuse(#""input_flex":1,"output_priority":1"#)
        #expect(tiers?.reason?.hasPrefix("its counts are of two service tiers") == true)
        let thoughts = try Self.langfuse(
            #""input":15,"output":359,"total":1035"#, model: "gemini-2.5-flash")
        #expect(Self.counts(thoughts) == [15, nil, nil, nil, 1020, 661])
    }

    @Test(
        "names in front of a model tell the seller, and go",
        arguments: [
            ("openai/gpt-4o-mini", "openai", "gpt-4o-mini"), ("azure/gpt-4o", "azure", "gpt-4o"),
            ("vertex_ai/gemini-2.5-pro", "google", "gemini-2.5-pro"),
            ("x-ai/grok-4", "x-ai", "grok-4"),
            ("models/gemini-2.5-pro", "google", "gemini-2.5-pro"),
            (
                "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws",
                "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
            ),
        ] as [(String, Name, Name)])
    func models(_ model: String, _ provider: Name, _ plain: Name) throws {
        let event = try Self.langfuse(#""input":1,"output":1"#, model: model)?.event
        #expect(event?.dimensions[.provider] == provider)
        #expect(event?.dimensions[.model] == plain)
    }

    @Test("the tier may stand among the parameters")
    func parameters() throws {
        let item = try Self.langfuse(
            #""input":1,"output":1"#, more: #","modelParameters":{"service_tier":"flex"}"#)
        #expect(item?.event?.dimensions[.serviceTier] == "flex")
    }

    // MARK: LiteLLM and Helicone

    private static func liteLLM(_ members: String, usage: String = "") throws -> ReadItem? {
        let row =
            #"{"request_id":"r","startTime":"2025-11-20T12:00:00Z",\#(members),"#
            + #""metadata":{"usage_object":{\#(usage)}}}"#
        return try imported(row.utf8, .liteLLMSpend).first
    }

    @Test("LiteLLM's rows tell speed and geography, and their totals where reasoning stands")
    func liteLLMRows() throws {
        let opus = #""model":"claude-opus-5","custom_llm_provider":"anthropic","#
        let fast = try Self.liteLLM(
            opus + #""prompt_tokens":100,"completion_tokens":10,"total_tokens":110"#,
            usage: #""speed":"fast","inference_geo":"us""#)
        #expect(fast?.event?.dimensions[.serviceTier] == "fast")
        #expect(fast?.event?.dimensions[.region] == "us")
        let global = try Self.liteLLM(
            opus + #""prompt_tokens":100,"completion_tokens":10"#,
            usage: #""speed":"standard","inference_geo":"global""#)
        #expect(global?.event?.dimensions[.serviceTier] == nil)
        #expect(global?.event?.dimensions[.region] == nil)
        let grok = try Self.liteLLM(
            #""model":"xai/grok-4","custom_llm_provider":"xai","prompt_tokens":10120,"#
                + #""completion_tokens":1499,"total_tokens":14428"#,
            usage: #""completion_tokens_details":{"reasoning_tokens":2809}"#)
        #expect(Self.counts(grok) == [10_120, nil, nil, nil, 4308, 2809])
        #expect(grok?.event?.dimensions[.model] == "grok-4")
    }

    @Test("a LiteLLM row without a model says so, and one that counts tokens is free")
    func liteLLMRefusals() throws {
        let empty = try Self.liteLLM(#""model":"","prompt_tokens":1,"completion_tokens":1"#)
        #expect(empty?.reason?.hasPrefix("it names no model") == true)
        #expect(
            try Self.liteLLM(#""model":"gpt-4o","call_type":"acount_tokens","prompt_tokens":9"#)
                == nil)
        let total = try Self.liteLLM(
            #""model":"gpt-4o","prompt_tokens":100,"completion_tokens":10,"total_tokens":500"#)
        #expect(total?.reason?.contains("the total of 500") == true)
    }

    @Test("Helicone's total tells Gemini's thoughts")
    func helicone() throws {
        let row =
            #"{"response_id":"r","response_status":200,"request_model":"gemini-2.5-flash","#
            + #""request_created_at":"2025-11-20T12:00:00Z","provider":"GOOGLE","#
            + #""prompt_tokens":15,"completion_tokens":359,"total_tokens":1035}"#
        let item = try imported(row.utf8, .helicone).first
        #expect(Self.counts(item) == [15, nil, nil, nil, 1020, 661])
    }

    // MARK: Any file

    private static let header =
        "type,occurred_at,id,source,provider,model,input_tokens,cache_write_input_tokens,"
        + "cache_read_input_tokens,output_tokens,total_tokens\n"

    private static func csv(_ counts: String, set: [String] = []) throws -> ReadItem? {
        let row =
            "request.completed,2025-11-20T12:00:00Z,a,s,anthropic,claude-sonnet-4-5,\(counts)\n"
        return try imported((header + row).utf8, .csv, set: set).first
    }

    @Test("--set counts says how rows count, and a total decides")
    func generic() throws {
        let refused = try Self.csv("40000,50000,10000,3000,")
        #expect(refused?.reason?.contains("add --set counts=exclusive if cached") == true)
        for (counts, set) in [
            ("40000,50000,10000,3000,", ["counts=exclusive"]),
            ("40000,50000,10000,3000,103000", []),
            ("40000,50000,10000,3000,103000", ["counts=inclusive"]),
        ] {
            #expect(
                Self.counts(try Self.csv(counts, set: set))
                    == [100_000, 10_000, 50_000, nil, 3000, nil], "\(counts) \(set)")
        }
        let small = try Self.csv("40000,100,10000,3000,", set: ["counts=exclusive"])
        #expect(Self.counts(small) == [50_100, 10_000, 100, nil, 3000, nil])
        #expect(try Self.csv("40000,100,10000,3000,9")?.reason?.contains("total of 9") == true)
        #expect(throws: ImportFault.self) {
            try Self.csv("1,0,0,1,", set: ["counts=odd"])
        }
    }

    @Test("a total is no part of a row's identity")
    func identity() throws {
        func id(_ file: String) throws -> EventID? {
            try imported(file.utf8, .csv, set: ["type=request.completed"]).first?.event?.id
        }
        let row = "2025-11-20T12:00:00Z,openai,gpt-4o,10,5"
        let columns = "occurred_at,provider,model,input_tokens,output_tokens"
        let plain = try id("\(columns)\n\(row)\n")
        #expect(try id("\(columns),total_tokens\n\(row),15\n") == plain && plain != nil)
    }

    // MARK: Cursor and Claude Code

    @Test("Cursor's usage events exclude each other")
    func cursor() throws {
        let csv = """
            Date,User,Kind,Model,Max Mode,Input (w/ Cache Write),Input (w/o Cache Write),\
            Cache Read,Output Tokens,Total Tokens,Cost
            "2025-11-20T12:00:00.000Z","a@b.c","Included","claude-4.5-sonnet","No","50000",\
            "40000","10000","3000","103000","0.29"
            "2025-11-20T12:00:01.000Z","a@b.c","Included","auto","No","100","40000","10000",\
            "3000","53100","Included"
            "2025-11-20T12:00:02.000Z","a@b.c","Errored, No Charge","gpt-5","No","0","0","0",\
            "0","0","-"
            """
        let items = try imported(csv.utf8, .cursor)
        #expect(items.count == 2)
        #expect(Self.counts(items.first) == [100_000, 10_000, 50_000, nil, 3000, nil])
        #expect(items.first?.event?.dimensions[.provider] == "anthropic")
        #expect(Self.counts(items.last) == [50_100, 10_000, 100, nil, 3000, nil])
        #expect(items.last?.event?.dimensions[.provider] == "cursor")
        #expect(items.last?.event?.labels?["recorded_cost"] == "Included")
    }

    @Test("the lines of one answer of Claude Code collapse to the last")
    func claudeCode() throws {
        func line(_ second: Int, _ id: String, _ output: Int, _ more: String = "") -> String {
            #"{"type":"assistant","timestamp":"2025-11-20T12:00:0\#(second).000Z","#
                + #""sessionId":"s","requestId":"req_\#(id)","message":{"id":"msg_\#(id)","#
                + #""model":"claude-sonnet-4-5","usage":{"input_tokens":2,"#
                + #""cache_creation_input_tokens":3685,"cache_read_input_tokens":20000,\#(more)"#
                + #""output_tokens":\#(output),"service_tier":"standard"}}}"#
        }
        let hour =
            #""cache_creation":{"ephemeral_5m_input_tokens":685,"ephemeral_1h_input_tokens":3000},"#
        let file = [
            #"{"type":"user","timestamp":"2025-11-20T12:00:00.000Z","message":{"content":"x"}}"#,
            line(1, "1", 1), line(2, "1", 1),
            #"{"type":"user","timestamp":"2025-11-20T12:00:02.000Z","message":{"content":"y"}}"#,
            line(3, "2", 7, hour), line(4, "1", 250),
            #"{"type":"assistant","timestamp":"2025-11-20T12:00:05.000Z","message":{"id":"x","#
                + #""model":"<synthetic>","usage":{"input_tokens":0,"output_tokens":0}}}"#,
        ].joined(separator: "\n")
        let items = try imported(file.utf8, .claudeCode)
        #expect(items.count == 2, "\(items.map(\.reason))")
        #expect(Self.counts(items.first) == [23_687, 20_000, 685, 3000, 7, nil])
        #expect(Self.counts(items.last) == [23_687, 20_000, 3685, nil, 250, nil])
        #expect(items.last?.event?.dimensions[.session] == "s")
        #expect(items.last?.event?.occurredAt.description == "2025-11-20T12:00:04Z")
        for piece in [1, 100] {
            let again = try imported(file.utf8, .claudeCode, pieceBytes: piece)
            #expect(again.map(\.event) == items.map(\.event))
        }
    }

    @Test("more answers than are held back are all read")
    func manyAnswers() throws {
        let lines = (0..<1_500).flatMap { number in
            (1...2).map { output in
                #"{"type":"assistant","timestamp":"2025-11-20T12:00:00Z","requestId":"r","#
                    + #""message":{"id":"m\#(number)","model":"claude-opus-4-1","#
                    + #""usage":{"input_tokens":1,"output_tokens":\#(output)}}}"#
            }
        }
        let items = try imported(lines.joined(separator: "\n").utf8, .claudeCode)
        #expect(items.count == 1_500)
        #expect(items.allSatisfy { $0.event?.usage[.outputTokens] == 2 })
    }

    // MARK: Words

    @Test("a CloudEvent sent as plain JSON is told its content type")
    func cloudEventInBody() throws {
        let body =
            #"{"specversion":"1.0","id":"1","source":"s","type":"request.completed","data":{}}"#
        var reader = try EventReader(Array(body.utf8), form: .json, now: now)
        let reason = reader.readAll().first?.reason
        #expect(reason?.contains("application/cloudevents+json") == true)
    }

    @Test("a file of CloudEvents that is read as native events is told its format")
    func cloudEvent() throws {
        let body =
            #"{"specversion":"1.0","id":"1","source":"s","type":"request.completed","data":{}}"#
        let fault = try #require(
            #expect(throws: (any Error).self) { try imported(body.utf8, .native) })
        #expect("\(fault)".contains("--format cloudevents"))
    }

    @Test("counting tokens is free, so it is no request")
    func free() throws {
        let members = nativeJSON(["operation": #""count_tokens""#])
        let item = try imported(members.utf8, .native).first
        #expect(
            item?.reason
                == "operation count_tokens counts tokens, which is free: leave the event out")
    }

    @Test("embedding and embeddings are one operation wherever they come from")
    func operations() throws {
        let members = nativeJSON(["operation": #""embedding""#])
        let native = try imported(members.utf8, .native).first
        #expect(native?.event?.dimensions[.operation] == "embeddings")
        let row = try Self.liteLLM(
            #""model":"text-embedding-3-small","call_type":"aembedding","prompt_tokens":9"#)
        #expect(row?.event?.dimensions[.operation] == "embeddings")
    }
}
