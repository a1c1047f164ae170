import EventReading
import LedgerModel
import Testing

@Suite("Reports of optimized prompts")
struct OptimizationTests {
    private let members: KeyValuePairs<String, String?> = [
        "type": "\"prompt.optimized\"", "request_id": "\"019ab1c5-0b40-7c3a-9f10-5b6f1c2d3e40\"",
        "tokens_before": "18661", "tokens_after": "1.1575e4", "useful_output_tokens": "340",
        "quality": "0.9980004", "stages": "{\"json_minify\":6986}",
        "lossy_stages": "{\"extract\":100,\"nothing\":null}",
    ]

    private func check(_ event: Event) throws {
        #expect(event.kind == .promptOptimized)
        #expect(event.causeID == EventID("019ab1c5-0b40-7c3a-9f10-5b6f1c2d3e40"))
        #expect(event.optimization.tokensBefore == 18_661)
        #expect(event.optimization.tokensAfter == 11_575)
        #expect(event.optimization.usefulOutputTokens == 340)
        #expect(event.quality == 998_000, "millionths, rounded")
        #expect(event.optimization.stages == (try StageSavings([("json_minify", 6_986)])))
        #expect(event.optimization.lossyStages == (try StageSavings([("extract", 100)])))
    }

    @Test("JSON, NDJSON and CloudEvents give the same event")
    func forms() throws {
        let json = nativeJSON(members)
        try check(try event(json))
        try check(try event(json, .ndjson))
        var data: [String] = []
        for (key, value) in members where key != "type" {
            data.append("\"\(key)\":\(value ?? "null")")
        }
        let cloud = """
            {"specversion":"1.0","id":"1","source":"s","type":"tallystick.prompt.optimized",
             "time":"2025-11-23T17:10:00Z","data":{\(data.joined(separator: ","))}}
            """
        try check(try event(cloud, .cloudEvent))
    }

    @Test("columns feed counts and stages")
    func columns() throws {
        let text = """
            at,before,after,min,cut,q
            2025-11-23T17:10:00Z,18661,11575,6986, 100,0.998
            2025-11-23T17:10:00Z,10,10,,,
            2025-11-23T17:10:00Z,10,10,one,,
            2025-11-23T17:10:00Z,10,9,2,,

            """
        let items = try imported(
            text.utf8, .csv,
            map: [
                "occurred_at=at", "tokens_before=before", "tokens_after=after",
                "stages.json_minify=min", "lossy_stages.extract=cut", "quality=q",
            ],
            set: [
                "type=prompt.optimized", "request_id=019ab1c5-0b40-7c3a-9f10-5b6f1c2d3e40",
                "useful_output_tokens=340",
            ])
        try check(try #require(items[0].event))
        #expect(items[1].event?.optimization.stages == nil)
        #expect(
            items[2].reason
                == "stages.json_minify is one: expected a whole number (column min)")
        #expect(items[3].reason?.hasPrefix("the stages save 2 tokens in all") == true)
    }

    @Test(
        "a wrong member is refused by name",
        arguments: [
            ("tokens_before", "\"10\"", "tokens_before is a string: expected a number"),
            ("tokens_after", "1.5", "tokens_after is 1.5: expected a whole number"),
            ("quality", "1.1", "quality is 1.1: expected a number from 0 to 1"),
            ("quality", "-0.1", "quality is -0.1: expected a number from 0 to 1"),
            ("stages", "[]", "stages is an array: expected an object of whole numbers"),
            (
                "stages", "{\"a\":\"1\"}",
                "stages.a is a string: expected the tokens that the stage saved"
            ),
            ("stages", "{\"a\":1,\"a\":2}", "stages has the stage \"a\" twice"),
            ("lossy_stages", "{}", "lossy_stages names no stage: leave it out instead"),
            ("tokens_after", "null", "send both tokens_before and tokens_after"),
        ])
    func refusals(field: String, json: String, reason: String) throws {
        var all = goodMembers
        for (key, value) in members { all[key] = value ?? "null" }
        all[field] = json
        let text = "{" + all.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
        #expect(try refusal(text).hasPrefix(reason))
    }

    @Test("an application reports what it observed, but not what the ledger decides")
    func kinds() throws {
        let observed = try event(
            nativeJSON([
                "type": "\"experiment.observed\"", "quality": "0.75", "user": "\"u-1\"",
                "labels": "{\"experiment.tone\":\"short\"}",
            ]))
        #expect(observed.kind == .experimentObserved && observed.quality == 750_000)
        #expect(
            try refusal(nativeJSON(["type": "\"experiment.observed\""]))
                == "quality is required for experiment.observed")
        for kind in ["saving.rated", "experiment.defined", "experiment.stopped"] {
            #expect(
                try refusal(nativeJSON(["type": "\"\(kind)\""]))
                    .hasPrefix("type \(kind) is booked by the ledger itself"))
        }
    }
}
