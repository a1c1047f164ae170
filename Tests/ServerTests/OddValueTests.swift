import HTTPTypes
import LedgerTesting
import Testing

/// Texts and times that the database cannot hold, in every place where a caller may put them.
@Suite("Odd texts and times")
struct OddValueTests {
    @Test("%00, wrong escapes and half characters in paths and queries are never a 5xx")
    func escapes() async throws {
        try await InProcess.withClient { client in
            let paths = try await client.get("/openapi.json").json.paths.members
            for (path, operations) in paths {
                for (method, call) in operations.members {
                    let method = try #require(HTTPRequest.Method(method.uppercased()))
                    let names = call.parameters.items.filter { $0["in"] == "query" }
                        .compactMap { $0.name.string }
                    for odd in ["%00", "a%00b", "%FF", "%ZZ", "%", "%ED%A0%80"] {
                        let path = path.replacing(#/\{[^}]*\}/#, with: odd)
                        let queries = [""] + names.map { "?\($0)=\(odd)" }
                        for query in queries {
                            let answer = try await client.send(method, path + query)
                            #expect(answer.status < 500, "\(method) \(path)\(query): \(answer)")
                        }
                    }
                }
            }
        }
    }

    @Test("NUL in any member of a body is never a 5xx")
    func bodies() async throws {
        try await InProcess.withClient { client in
            let paths = try await client.get("/openapi.json").json.paths.members
            for (path, operations) in paths {
                let schema = operations.post.requestBody.content["application/json"].schema
                for name in schema.properties.members.keys {
                    let path = path.replacing(#/\{[^}]*\}/#, with: "x")
                    for value in [#""a\u0000b""#, #"{"app":"x\u0000y"}"#, #"["\u0000"]"#] {
                        let answer = try await client.post(path, #"{"\#(name)":\#(value)}"#)
                        #expect(answer.status < 500, "\(path) \(name): \(answer)")
                    }
                }
            }
            let stop = #"{"winner":"a","reason":"no\u0000good"}"#
            #expect(try await client.post("/api/v1/experiments/x/stop", stop).status == 400)
        }
    }

    @Test(
        "the first and the last years are times like others in every call",
        arguments: ["0001-01-01", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "9999-12-31"])
    func years(_ time: String) async throws {
        try await InProcess.withClient { client in
            _ = try await client.ingest(EventText("a").text)
            let paths = try await client.get("/openapi.json").json.paths.members
            for (path, operations) in paths where operations.get != .missing {
                let path = path.replacing(#/\{[^}]*\}/#, with: "x")
                let names = operations.get.parameters.items.filter { $0["in"] == "query" }
                    .compactMap { $0.name.string }
                for name in names where ["from", "to", "since", "until", "at"].contains(name) {
                    for interval in ["", "&interval=hour", "&interval=day"]
                    where interval.isEmpty || names.contains("interval") {
                        let answer = try await client.get("\(path)?\(name)=\(time)\(interval)")
                        #expect(answer.status < 500, "\(path)?\(name)=\(time): \(answer)")
                    }
                }
                if names.contains("from") {
                    let answer = try await client.get("\(path)?from=0001-01-01&to=9999-12-31")
                    #expect(answer.status < 500, "\(path): \(answer)")
                }
            }
            for (path, member) in [
                ("/api/v1/replays", #""book":"default","since""#),
                ("/api/v1/replays", #""book":"default","until""#), ("/api/v1/rerates", #""since""#),
                ("/api/v1/rerates", #""until""#),
                (
                    "/api/v1/estimates",
                    #""model":"gpt-4o","input_tokens":1,"provider":"openai","at""#
                ),
            ] {
                let answer = try await client.post(path, "{\(member):\"\(time)\"}")
                #expect(answer.status < 500, "\(path) \(member): \(answer)")
            }
        }
    }
}
