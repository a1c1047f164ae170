import Foundation
import LedgerTesting
import Testing

/// Optimized prompts, experiments and recommendations as users meet them.
@Suite("Analytics by the program", .serialized)
struct AnalyticsTests {
    private func prompt(_ id: String, before: Int, after: Int) -> EventText {
        EventText(id).with("type", "\"prompt.optimized\"").without("usage")
            .with("request_id", "\"01a20962-cebb-7c3a-9f10-5b6f1c2d3e4f\"")
            .with("tokens_before", "\(before)").with("tokens_after", "\(after)")
            .with("stages", "{\"json_minify\":\(before - after)}").with("quality", "0.99")
    }

    @Test("an optimized prompt is rated, listed, exported, and summed up by stage")
    func savings() async throws {
        try await withPlace { place in
            try await withService(on: place) { service in
                let client = service.client()
                let first = prompt("1", before: 18_661, after: 11_675)
                let events = array([
                    first, prompt("2", before: 100, after: 90).with("model", "\"no-such-model\""),
                    prompt("3", before: 100, after: 90).with("tokens_after", "95"),
                ])
                let report = try await client.ingest(events)
                #expect(report.counts == [2, 0, 0, 1])
                #expect(report.events[0].error.contains("the stages save 10 tokens"))
                #expect(try await client.ingest("[\(first.text)]").counts == [0, 1, 0, 0])
                let cloud = prompt("4", before: 10, after: 5).cloudEvent
                #expect(
                    try await client.post(
                        "/api/v1/events", cloud, type: "application/cloudevents+json"
                    ).status == 204)
                // 6,986 tokens and then 5, at 2.50 USD a million.
                let listed = try await client.get("/api/v1/events?type=saving.rated").text
                #expect(listed.contains("\"saved_usd\":\"0.017465\""), "\(listed)")
                #expect(
                    listed.contains("\"unpriced\":\"no price for model no-such-model of openai\""))
                let path = "/api/v1/tokens/savings?from=2025-06-01&to=2025-06-02&by="
                try await poll("the read model follows") {
                    try await client.get(path).json.rows[0].prompts == 3
                }
                let byApp = try await client.get(path + "app").json
                #expect(byApp.rows[0].app == "search" && byApp.position == 7)
                #expect(byApp.rows[0].saved_usd == "0.0174775")
                #expect(byApp.rows[0].unpriced_prompts == 1)
                #expect(byApp.rows[0].quality == 0.99)
                let byStage = try await client.get(path + "stage").json
                #expect(byStage.rows.each("stage") == ["json_minify"])
                #expect(byStage.rows[0].tokens_saved == 7_001)
                #expect(try await client.get(path + "user").status == 400)
            }
            let exported = try await place.tally("export", "--format", "native")
            #expect(
                exported.output.contains(
                    "\"tokens_before\":18661,\"tokens_after\":11675,\"quality\":0.99,"
                        + "\"stages\":{\"json_minify\":6986}"), "\(exported.output)")
            let again = place.dataDirectory + "/again.ndjson"
            try exported.output.write(toFile: again, atomically: true, encoding: .utf8)
            let imported = try await place.tally("import", again, "--format", "native", "--json")
            #expect(imported.output.contains("\"duplicates\":3"), "\(imported.output)")
            let audited = try await place.tally(
                "sql", "--csv",
                """
                SELECT tokens_saved, is_lossless, saved_usd::text, quality::text
                FROM audit.prompt_optimizations WHERE unpriced IS NULL ORDER BY 1
                """)
            #expect(audited.output.contains("6986"), "\(audited.output) \(audited.errors)")
            #expect(try await place.tally("verify").exitCode == 0)
        }
    }

    @Test("an experiment is defined, assigned, counted by labels, and stopped automatically")
    func experiment() async throws {
        try await withPlace { place in
            try await withService(on: place) { service in
                let client = service.client()
                let body = """
                    {"name":"tone","arms":"control=50,short=50","unit":"user",
                     "metrics":"failure:0.01,cost:5%"}
                    """
                let defined = try await client.post("/api/v1/experiments", body)
                #expect(defined.status == 201, "\(defined.text)")
                #expect(defined.text.contains("\"smallest_effect\":0.01"))
                var events: [EventText] = []
                for index in 0..<600 {
                    let assigned = try await client.get(
                        "/api/v1/experiments/tone/assign?unit=u-\(index)"
                    ).json
                    #expect(assigned.labels["experiment.tone"] == assigned.arm)
                    let isFailed = index % (assigned.arm == "short" ? 20 : 2) == 0
                    events.append(
                        EventText("r-\(index)").with("user", "\"u-\(index)\"")
                            .with("type", isFailed ? "\"request.failed\"" : "\"request.completed\"")
                            .with(
                                "labels", "{\"experiment.tone\":\"\(assigned.arm.string ?? "")\"}"))
                }
                #expect(try await client.ingest(array(events)).counts == [600, 0, 0, 0])
                try await poll("it stops by itself", within: .seconds(20)) {
                    try await client.get("/api/v1/experiments/tone").json.state
                        == "stopped"
                }
                let shown = try await client.get("/api/v1/experiments/tone").json
                #expect(shown.winner == "short" && shown.reason == "better")
                #expect(shown.seen.each("units").compactMap(\.integer).reduce(0, +) == 600)
                let after = try await client.get(
                    "/api/v1/experiments/tone/assign?unit=anybody"
                ).json
                #expect(after.arm == "short" && after.state == "stopped")
                #expect(try await client.post("/api/v1/experiments", body).status == 409)
                #expect(try await client.get("/api/v1/experiments").text.contains("\"evidence\":{"))
                let unknown = try await client.get("/api/v1/experiments/none")
                #expect(try unknown.status == 404 && unknown.failure.type == "not_found")
                let bad = try await client.post(
                    "/api/v1/experiments", body.replacing("user", with: "team"))
                #expect(try bad.status == 400 && bad.failure.message.contains("team is not a unit"))
            }
            let listed = try await place.tally("experiments", "list")
            #expect(listed.output.contains("stopped") && listed.output.contains("short"))
            let decided = try await place.tally(
                "sql", "--csv", "SELECT kind, winner FROM audit.experiments ORDER BY position")
            #expect(decided.output.contains("experiment.stopped"), "\(decided.errors)")
        }
    }

    @Test("tally experiments defines, assigns, shows and stops, and refuses in one sentence")
    func commands() async throws {
        try await withPlace { place in
            let define = [
                "experiments", "define", "tone", "--arms", "control,short", "--metrics", "cost",
            ]
            let run = try await CommandRun.tally(define + place.arguments)
            #expect(run.exitCode == 0, "\(run.errors)")
            let json = try await CommandRun.tally(define + ["--json"] + place.arguments)
            #expect(json.output.contains("\"revision\":1"), "\(json.output)")
            let wrong = try await CommandRun.tally(
                Array(define.dropLast()) + ["speed"] + place.arguments)
            #expect(wrong.exitCode == 65 && wrong.errors.contains("speed is not a metric"))
            let assigned = try await place.tally(
                "experiments", "assign", "tone", "--unit", "u-1", "--json")
            #expect(["control", "short"].contains(try assigned.json.arm))
            let path = place.dataDirectory + "/one.json"
            let event = EventText("1").with("user", "\"u-1\"")
                .with("labels", "{\"experiment\":\"tone\",\"arm\":\"short\"}")
            try event.text.write(toFile: path, atomically: true, encoding: .utf8)
            #expect(try await place.tally("import", path, "--format", "native").exitCode == 0)
            let shown = try await place.tally("experiments", "show", "tone", "--json")
            #expect(try shown.json.seen.each("units") == [0, 1], "\(shown.errors)")
            #expect(try await place.tally("experiments", "show", "tone").output.contains("open"))
            let unknown = try await place.tally("experiments", "show", "nothing")
            #expect(unknown.exitCode == 65 && unknown.errors.contains("there is no experiment"))
            let other = try await place.tally("experiments", "stop", "tone", "--keep", "long")
            #expect(other.exitCode == 65 && other.errors.contains("the arms are control, short"))
            let stopped = try await place.tally("experiments", "stop", "tone")
            #expect(stopped.output.contains("every unit gets control"), "\(stopped.errors)")
            #expect(try await place.tally("experiments", "stop", "tone").exitCode == 65)
            #expect(try await place.tally("verify").exitCode == 0)
        }
    }

    @Test("a prompt optimized with --record, or by the call with record, is booked once")
    func record() async throws {
        try await withPlace { place in
            let rows = (0..<40).map { "{\"id\": \($0), \"name\": \"row \($0)\", \"ok\": true}" }
            let text = "[" + rows.joined(separator: ",\n  ") + "]"
            let path = place.dataDirectory + "/rows.json"
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            let optimize = ["tokens", "optimize", "--model", "gpt-4o", path]
            func tally(_ options: [String]) async throws -> CommandRun {
                try await CommandRun.tally(options + place.arguments)
            }
            let told = try await tally(
                optimize + ["--record", "--app", "search", "--feature", "rerank"])
            #expect(told.exitCode == 0 && told.errors.contains("recorded as 0"), "\(told.errors)")
            for (options, reason) in [
                (
                    ["tokens", "optimize", "--encoding", "o200k_base", "--record", path],
                    "a model, not an"
                ),
                (optimize + ["--app", "search"], "add --record"),
            ] {
                let refused = try await tally(options)
                #expect(refused.exitCode != 0 && refused.errors.contains(reason), "\(refused)")
            }
            try await withService(on: place) { service in
                func optimize(record: String) async throws -> Answer {
                    let quoted = String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
                    return try await service.client().post(
                        "/api/v1/tokens/optimize",
                        "{\"model\":\"gpt-4o\",\"text\":\(quoted),\"record\":\(record)}")
                }
                let wrong = try await optimize(record: "\"search\"")
                #expect(wrong.status == 400 && wrong.text.contains("record must be an object"))
                let right = try await optimize(record: "{\"app\":\"search\"}")
                #expect(right.status == 200 && right.text.contains("\"event_id\":\"0"))
            }
            let booked = try await place.psql(
                """
                SELECT app, feature, provider, model, tokens_before > tokens_after,
                    stages IS NOT NULL, quality_ppm, detail::jsonb ? 'prefix_tokens'
                FROM tally.events WHERE kind = 40 ORDER BY position
                """)
            #expect(
                booked == """
                    search|rerank|openai|gpt-4o|t|t|1000000|t
                    search||openai|gpt-4o|t|t|1000000|t
                    """)
            #expect(
                try await place.psql("SELECT count(*) FROM tally.events WHERE kind = 41") == "2")
            #expect(try await place.tally("verify").exitCode == 0)
        }
    }

    @Test("tally recommend and the call name what a broken prefix costs a day")
    func recommend() async throws {
        try await withPlace { place in
            let now = Date.now.addingTimeInterval(-60).ISO8601Format()
            let events = (0..<100).map { index in
                prompt("p-\(index)", before: 9_000, after: 9_000).without("stages")
                    .with("occurred_at", "\"\(now)\"")
                    .with(
                        "detail",
                        "{\"prefix_tokens\":\"212\",\"prefix_break\":\"time\","
                            + "\"prefix_possible\":\"8212\"}")
            }
            let path = place.dataDirectory + "/prompts.json"
            try array(events).write(toFile: path, atomically: true, encoding: .utf8)
            #expect(try await place.tally("import", path, "--format", "native").exitCode == 0)
            let told = try await place.tally("recommend")
            // 100 × 8,000 × (2.50 − 1.25) USD a million.
            #expect(
                told.output.contains("broken by a timestamp at token 212: costs $1.00 a day"),
                "\(told)")
            let json = try await place.tally("recommend", "--json")
            #expect(json.output.contains("\"cost_usd_per_day\":\"1\""), "\(json.output)")
            #expect(try await place.tally("recommend", "--days", "0").exitCode == 64)
            try await withService(on: place) { service in
                let answer = try await service.client().get("/api/v1/recommendations")
                #expect(answer.status == 200 && answer.text.contains("broken_prefix"))
            }
        }
    }
}
