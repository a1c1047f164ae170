import EventReading
import LedgerModel
import LedgerTesting
import Testing

private let options = ["type=request.completed", "provider=openai"]

private let table = #"""
    occurred_at,model,input_tokens,app
    2025-11-20T12:00:00Z,gpt-4o,100,"search, ""new"""
    2025-11-20T12:00:01Z,gpt-4o-mini,200,
    2025-11-20T12:00:02Z,gpt-4o,300,Zoë 🐳

    """#

private func utf16(_ text: String, littleEndian: Bool, mark: Bool = true) -> [UInt8] {
    let units = (mark ? [0xFEFF] : []) + Array(text.utf16)
    return units.flatMap { unit in
        let (high, low) = (UInt8(unit >> 8), UInt8(unit & 255))
        return littleEndian ? [low, high] : [high, low]
    }
}

@Suite("Files as spreadsheets save them")
struct FileFormTests {
    private func events(
        _ bytes: some Collection<UInt8>, pieceBytes: Int = 256 * 1_024
    ) throws -> [Event?] {
        try imported(bytes, .csv, set: options, pieceBytes: pieceBytes).map(\.event)
    }

    @Test("semicolons, tabs and bars separate cells as commas do, declared or not")
    func separators() throws {
        let expected = try events(table.utf8)
        #expect(expected.count == 3 && expected.allSatisfy { $0 != nil })
        for separator in [";", "\t", "|"] {
            // The comma inside of quotation marks is text.
            let text = table.replacing(", ", with: "¤").replacing(",", with: separator)
                .replacing("¤", with: ", ")
            let sep = "sep=\(separator)"
            for start in ["", "\(sep)\n", "\n\n", "\u{FEFF}\(sep)\r\n", "\"\(sep)\"\n"] {
                #expect(try events((start + text).utf8) == expected, "\(start)\(separator)")
            }
        }
        #expect(try events(("sep=,\n" + table).utf8) == expected)
    }

    @Test("a quoted cell over two lines, and one with other separators, stay whole")
    func quotedCells() throws {
        let text = """
            occurred_at;model;app;feature
            2025-11-20T12:00:00Z;gpt-4o;"a
            b";"c;d,e"

            """
        let event = try #require(try events(text.utf8).first)
        #expect(event?.dimensions[.app] == "a\nb")
        #expect(event?.dimensions[.feature] == "c;d,e")
    }

    @Test("UTF-16 of both orders, with and without its mark, is read in pieces of every size")
    func unicode() throws {
        let expected = try events(table.utf8)
        for littleEndian in [true, false] {
            for mark in [true, false] {
                let bytes = utf16(table, littleEndian: littleEndian, mark: mark)
                for piece in [1, 2, 3, 7, 64, 256 * 1_024] {
                    #expect(try events(bytes, pieceBytes: piece) == expected, "\(mark) \(piece)")
                }
                #expect(try events(gzipped(bytes)) == expected)
            }
        }
        let crlf = table.replacing("\n", with: "\r\n").replacing(",", with: "\t")
            .replacing("search\t", with: "search,")
        #expect(try events(utf16(crlf, littleEndian: true)) == expected)
    }

    @Test("UTF-16 that breaks off within a letter is a fault")
    func brokenUnicode() throws {
        let bytes = utf16(table, littleEndian: true)
        #expect(throws: ImportFault.self) { try events(bytes.dropLast()) }
        let lone = utf16(table, littleEndian: true) + [0x3D, 0xD8]
        #expect(throws: ImportFault.self) { try events(lone) }
    }

    @Test("JSON in UTF-16, and lines that end in a carriage return alone, are read")
    func jsonLines() throws {
        let lines = nativeJSON() + "\n" + nativeJSON() + "\n"
        let expected = try imported(lines.utf8, .native).map(\.event)
        #expect(expected.count == 2 && expected.first != .some(nil))
        #expect(
            try imported(utf16(lines, littleEndian: true), .native).map(\.event) == expected)
        let returns = lines.replacing("\n", with: "\r")
        #expect(try imported(returns.utf8, .native).map(\.event) == expected)
    }

    @Test("carriage returns alone end lines; within a file of line feeds they are text")
    func returns() throws {
        let expected = try events(table.utf8)
        let old = table.replacing("\n", with: "\r")
        for piece in [1, 2, 3, 31, 256 * 1_024] {
            #expect(try events(old.utf8, pieceBytes: piece) == expected, "\(piece)")
            let crlf = table.replacing("\n", with: "\r\n")
            #expect(try events(crlf.utf8, pieceBytes: piece) == expected, "\(piece)")
        }
        let mixed = "occurred_at,model,app\n2025-11-20T12:00:00Z,gpt-4o,\"a\rb\"\n"
        #expect(try events(mixed.utf8).first??.dimensions[.app] == "a\rb")
    }

    @Test("a table in UTF-16 is numbered as the same table in UTF-8, so nothing is booked twice")
    func identities() throws {
        let plain = try events(table.utf8).map { $0?.externalID }
        #expect(plain.allSatisfy { $0 != nil })
        let saved = table.replacing("\n", with: "\r")
        #expect(try events(utf16(saved, littleEndian: false)).map { $0?.externalID } == plain)
    }

    private static let dates: [(String, String)] = [
        ("46346.4167", "46346.4167 is an Excel date (2026-11-20 10:00:03)"),
        ("46346", "46346 is an Excel date (2026-11-20 00:00:00)"),
        ("42005", "an Excel date (2015-01-01 00:00:00)"), ("46346,5", "(2026-11-20 12:00:00)"),
        ("100", "is before 2015"), ("86400", "is before 2015"),
    ]

    @Test("a spreadsheet's date is refused with the time that it means", arguments: dates)
    func excelDates(cell: String, expected: String) throws {
        let text = "occurred_at;model\n\(cell);gpt-4o\n"
        let reason = try imported(text.utf8, .csv, set: options).first?.reason ?? ""
        #expect(reason.contains(expected), "\(reason)")
        let json = """
            [{"id":"1","type":"GENERATION","startTime":"\(cell)","model":"gpt-4o"}]
            """
        let row = try imported(json.utf8, .langfuse).first?.reason ?? ""
        #expect(row.contains(expected), "\(row)")
    }

    @Test("seconds, milliseconds and microseconds since 1970 are still times")
    func epochs() throws {
        for cell in ["1763640000", "1763640000.5", "1763640000000", "1763640000000000"] {
            let text = "occurred_at,model\n\(cell),gpt-4o\n"
            #expect(try events(text.utf8).first != .some(nil), "\(cell)")
        }
    }
}

@Suite("Files of another kind")
struct WrongFileTests {
    private static let langfuse =
        "id,traceId,type,name,startTime,endTime,model,promptTokens,completionTokens\n"
        + "1,t,GENERATION,n,2025-11-20T12:00:00Z,2025-11-20T12:00:01Z,gpt-4o,10,5\n"
    private static let helicone =
        "response_id,request_created_at,response_status,request_model,prompt_tokens\n"
        + "1,2025-11-20T12:00:00Z,200,gpt-4o,10\n"
    private static let liteLLM =
        "{\"request_id\":\"1\",\"call_type\":\"acompletion\",\"startTime\":\"2025-11-20T12:00:00Z\","
        + "\"model\":\"gpt-4o\",\"spend\":0.1}\n"
    private static let usage =
        "{\"object\":\"page\",\"data\":[{\"object\":\"bucket\",\"start_time\":1763596800,"
        + "\"end_time\":1763683200,\"results\":[{\"object\":\"organization.usage.completions.result\","
        + "\"input_tokens\":1,\"num_model_requests\":1,\"model\":\"gpt-4o\"}]}]}"
    private static let activity =
        "timestamp,organization_name,model,operation,num_requests,n_context_tokens_total,"
        + "n_generated_tokens_total,usage_type\n1700000000,acme,gpt-4,completion,1,10,5,text\n"
    private static let telemetry = "{\"resourceSpans\":[]}"

    private static let cases: [(String, ImportFormat, String)] = [
        (
            langfuse, .helicone,
            "this is not a Helicone export: it looks like Langfuse's; use --format langfuse"
        ),
        (langfuse, .liteLLMSpend, "it looks like Langfuse's; use --format langfuse"),
        (langfuse, .openAIUsage, "this is not an OpenAI usage export: it looks like Langfuse's"),
        (langfuse, .csv, "it looks like Langfuse's; use --format langfuse"),
        (langfuse, .native, "it looks like Langfuse's; use --format langfuse"),
        (helicone, .langfuse, "this is not a Langfuse export: it looks like Helicone's"),
        (helicone, .ndjson, "it looks like Helicone's; use --format helicone"),
        (liteLLM, .langfuse, "it looks like LiteLLM's spend logs; use --format litellm-spend"),
        (liteLLM, .native, "it looks like LiteLLM's spend logs; use --format litellm-spend"),
        (liteLLM, .csv, "it looks like LiteLLM's spend logs; use --format litellm-spend"),
        (usage, .helicone, "it looks like OpenAI's usage; use --format openai-usage"),
        (usage, .native, "it looks like OpenAI's usage; use --format openai-usage"),
        (activity, .openAIUsage, "it looks like OpenAI's old activity export; export the usage"),
        (activity, .csv, "it looks like OpenAI's old activity export; export the usage again"),
        (telemetry, .native, "it looks like OpenTelemetry's; use --format otlp-json"),
        (telemetry, .langfuse, "it looks like OpenTelemetry's; use --format otlp-json"),
        (nativeJSON(), .langfuse, "it looks like native events; use --format native"),
        (
            "usage_date_utc,model,cost_usd\n2025-11-20,Claude Haiku 3,1\n", .openAIUsage,
            "compare it with tally reconcile --provider anthropic"
        ),
        ("model,b\n1,2\n", .helicone, "this is not a Helicone export: it has none of the columns"),
        ("[{\"a\":1,\"model\":2}]", .langfuse, "this is not a Langfuse export: it has none"),
        ("when,model,tokens\n1,gpt-4,2\n", .openAIUsage, "older exports may lack them: export it"),
        ("PK\u{3}\u{4}xl/workbook.xml", .csv, "this is an Excel workbook"),
        ("PAR1…", .native, "this is a Parquet file"),
        ("{\"a\":1}\n", .csv, "this is JSON, not a CSV: use --format ndjson"),
    ]

    @Test("a file of another product is named in one sentence", arguments: cases)
    func wrongFormat(text: String, format: ImportFormat, expected: String) throws {
        do {
            let items = try imported(text.utf8, format)
            Issue.record("it was read: \(items)")
        } catch ImportFault.malformed(_, let line, let reason) {
            #expect(line == 1)
            #expect(reason.contains(expected), "\(reason)")
        }
    }

    @Test("a bucket of usage that ends before it starts is refused")
    func reversedBucket() throws {
        let reversed = Self.usage.replacing("1763683200", with: "1763510400")
        let items = try imported(reversed.utf8, .openAIUsage)
        #expect(items.map(\.reason) == ["the bucket does not end after it starts"])
    }

    @Test("a file is what its format says, whatever else its columns would fit")
    func rightFormat() throws {
        #expect(try imported(Self.langfuse.utf8, .langfuse).count == 1)
        #expect(try imported(Self.helicone.utf8, .helicone).count == 1)
        #expect(try imported(Self.liteLLM.utf8, .liteLLMSpend).count == 1)
        #expect(try imported(Self.usage.utf8, .openAIUsage).count == 1)
        let mapped = try imported(
            Self.langfuse.utf8, .csv,
            map: ["occurred_at=startTime", "model=model", "input_tokens=promptTokens"],
            set: options)
        #expect(mapped.first?.event?.usage[.inputTokens] == 10)
    }
}
