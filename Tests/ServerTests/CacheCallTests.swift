import Access
import CacheServing
import Foundation
import LedgerTesting
import Server
import Testing

/// The cache over HTTP; what it decides is tested where it is decided.
@Suite("The cache over HTTP")
struct CacheCallTests {
    private static let request = #"{"model":"gpt-4o-mini","temperature":0,"messages":[]}"#
    private static let whole =
        #"{"model":"gpt-4o-mini-2024-07-18","choices":[{"message":{"role":"assistant","content":"#
        + #""Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1}}"#

    private static func body(_ more: String = "", team: String = "growth") -> String {
        #"{"api":"chat.completions","request":\#(request),"dimensions":{"team":"\#(team)","#
            + #""provider":"openai","user":"u-1"}"# + more + "}"
    }

    private static let path = "/api/v1/cache"

    @Test("a missed answer is fetched, stored byte for byte, and given with its key in the header")
    func life() async throws {
        try await InProcess.withClient { client in
            let miss = try await client.post(Self.path + "/lookup", Self.body())
            #expect(miss.status == 200, "\(miss)")
            #expect(try miss.json.outcome == "miss" && miss.json.reason == "absent")
            #expect(try miss.json.fill.turn == "yours")
            let token = try #require(try miss.json.fill.token.string)
            let second = try await client.post(Self.path + "/lookup", Self.body())
            #expect(try second.json.fill.turn == "elsewhere" && second.json.fill.token == .null)
            let text = Self.whole.replacing("\"", with: "\\\"") + " "
            let stored = try await client.post(
                Self.path + "/answers",
                Self.body(#","body":"\#(text)","tags":["a"],"fill_token":"\#(token)""#))
            #expect(
                try stored.json.outcome == "stored" && stored.json.message == .null, "\(stored)")
            let hit = try await client.post(Self.path + "/lookup", Self.body())
            #expect(try hit.json.outcome == "hit" && hit.json.match == "exact", "\(hit)")
            #expect(try hit.json.body.string == Self.whole + " ")
            #expect(try hit.json.usage.input_tokens == 3 && hit.json.fill == .null)
            let key = try #require(try hit.json.key.string)
            for answer in [miss, stored, hit] {
                #expect(answer.header("x-tally-cache-key") == key)
                #expect(answer.header("cache-control") == "private, no-store")
                #expect(answer.header("vary") == "Authorization")
            }
            let asked = try await client.post(Self.path + "/key", Self.body())
            #expect(try asked.json.key.string == key && asked.json.reads == true)
            let entry = try await client.get(Self.path + "/entries/" + key)
            #expect(try entry.json.tags == .list(["a"]) && entry.json.readers.items.count == 2)
            #expect(!entry.text.contains("\\\"content\\\""), "its text is not shown")
            let gone = try await client.delete(Self.path + "/" + key)
            #expect(try gone.json.by == "key" && gone.json.readers[0].user == "u-1", "\(gone)")
            #expect(try await client.get(Self.path + "/entries/" + key).status == 404)
            let after = try await client.post(Self.path + "/lookup", Self.body())
            #expect(try after.json.outcome == "miss")
        }
    }

    @Test("a hit is an event with the tokens that it served, before it is answered")
    func booked() async throws {
        try await InProcess.withClient { client in
            _ = try await client.post(
                Self.path + "/answers", Self.body(#","answer":"# + Self.whole))
            let hit = try await client.post(Self.path + "/lookup", Self.body())
            let id = try #require(try hit.json.event_id.string)
            let event = try await client.get("/api/v1/events/" + id).json
            #expect(event.type == "cache.hit" && event.usage.output_tokens == 1)
            #expect(event.team == "growth" && event.detail.tier == "memory")
            #expect(try event.request_hash == hit.json.key)
        }
    }

    @Test("bad input is refused with the member that is wrong, and stores nothing")
    func params() async throws {
        try await InProcess.withClient { client in
            let question = #""api":"chat.completions","request":\#(Self.request)"#
            let wrong: [(path: String, body: String, status: Int, param: String?)] = [
                ("/lookup", #"{"api":"chat","request":{}}"#, 400, "api"),
                ("/lookup", #"{"api":"messages"}"#, 400, "request"),
                ("/lookup", #"{"api":"messages","request":[]}"#, 400, "request"),
                ("/lookup", #"{"api":"messages","request":{"a":1,"a":2}}"#, 400, nil),
                ("/lookup", "{\(question),\"x_tally_cache\":\"ttl=99999999999\"}", 400, nil),
                ("/lookup", "{\(question),\"x_tally_cache\":\"fast\"}", 400, nil),
                ("/lookup", "{\(question),\"cache_control\":\"max-age=soon\"}", 400, nil),
                ("/lookup", "{\(question),\"wait_ms\":99999999}", 400, "wait_ms"),
                ("/lookup", "{\(question),\"turn_seconds\":0}", 400, "turn_seconds"),
                ("/lookup", "{\(question),\"dimensions\":{\"tem\":\"x\"}}", 400, "dimensions"),
                ("/lookup", "{\(question),\"treshold\":0.9}", 400, "treshold"),
                ("/answers", "{\(question)}", 400, "answer"),
                ("/answers", "{\(question),\"answer\":{},\"body\":\"\"}", 400, "body"),
                ("/answers", "{\(question),\"answer\":\"text\"}", 400, "answer"),
                (
                    "/answers", "{\(question),\"answer\":{},\"fill_token\":\"mine\"}", 400,
                    "fill_token"
                ),
                ("/answers", "{\(question),\"answer\":{},\"usage\":{\"tokens\":1}}", 400, "usage"),
                ("/answers", "{\(question),\"answer\":{},\"request_id\":\"7\"}", 400, "request_id"),
                ("/invalidate", "{}", 400, "all"),
                ("/invalidate", #"{"all":true,"tag":"a"}"#, 400, "all"),
                ("/invalidate", #"{"key":"abc"}"#, 400, "key"),
                ("/invalidate", #"{"stored_before":"soon"}"#, 400, "stored_before"),
            ]
            for (path, body, status, param) in wrong {
                let answer = try await client.post(Self.path + path, body)
                #expect(answer.status == status, "\(path) \(body): \(answer)")
                if let param {
                    #expect(try answer.failure.param.string == param, "\(path) \(body): \(answer)")
                }
            }
            for key in ["abc", String(repeating: "g", count: 64), "%00"] {
                #expect(try await client.delete(Self.path + "/" + key).status == 400)
                #expect(try await client.get(Self.path + "/entries/" + key).status == 400)
            }
            let many = (0..<40).map { "\"t\($0)\"" }.joined(separator: ",")
            let tags = try await client.post(
                Self.path + "/answers",
                Self.body(#","answer":\#(Self.whole),"tags":[\#(many)]"#))
            #expect(try tags.status == 400 && tags.failure.param == "tags", "\(tags)")
        }
    }

    @Test("answers that are none, too large or unfinished are refused with a sentence")
    func refused() async throws {
        try await InProcess.withClient { client in
            func reason(_ more: String) async throws -> String? {
                let answer = try await client.post(Self.path + "/answers", Self.body(more))
                #expect(answer.status == 200, "\(answer)")
                let json = try answer.json
                #expect(
                    json.outcome == "refused" && json.message.string?.isEmpty == false,
                    "\(json.reason)")
                return json.reason.string
            }
            #expect(try await reason(#","body":"<html>""#) == "unreadable")
            #expect(try await reason(#","body":"","status":500"#) == "status")
            #expect(try await reason(#","complete":false"#) == "aborted")
            #expect(try await reason(#","answer":{"choices":[]}"#) == "unfinished")
            #expect(try await reason(#","answer":\#(Self.whole),"fallback":true"#) == "fallback")
            // What repeats itself would be small once it is compressed.
            var random = SeededGenerator(seed: testSeed())
            var words = Data()
            while words.count < 10_000_000 {
                withUnsafeBytes(of: random.next()) { words.append(contentsOf: $0) }
            }
            let large = Self.whole.replacing("Hi", with: words.base64EncodedString())
            #expect(try await reason(#","answer":"# + large) == "too_large")
            let huge =
                #"{"api":"chat.completions","request":{"model":""#
                + String(repeating: "x", count: 18 << 20) + #""}}"#
            let answer = try await client.post(Self.path + "/lookup", huge)
            #expect(answer.status == 413, "\(answer.status)")
        }
    }

    @Test("keys reach their own ledger, and only what their scope allows")
    func scopes() async throws {
        try await InProcess.with { service in
            let other = try await service.parts.directory.create("other")
            func caller(_ scopes: Set<KeyScope>, foreign: Bool = false) async throws -> Client {
                service.client.with(
                    key: foreign
                        ? try await service.makeKey(scopes, in: other)
                        : try await service.makeKey(scopes))
            }
            let gateway = try await caller([.gateway])
            let stored = try await gateway.post(
                Self.path + "/answers", Self.body(#","answer":"# + Self.whole))
            let key = try #require(try stored.json.key.string)
            let stranger = try await caller([.gateway, .admin, .read], foreign: true)
            let miss = try await stranger.post(Self.path + "/lookup", Self.body())
            #expect(try miss.json.outcome == "miss" && miss.json.key.string != key)
            #expect(try await stranger.get(Self.path + "/entries/" + key).status == 404)
            let vain = try await stranger.delete(Self.path + "/" + key)
            #expect(try vain.json.readers.items.isEmpty, "\(vain)")
            let all = try await stranger.post(Self.path + "/invalidate", #"{"all":true}"#)
            #expect(all.status == 200)
            let hit = try await gateway.post(Self.path + "/lookup", Self.body())
            #expect(try hit.json.outcome == "hit", "another ledger forgot it")
            let team = try await gateway.post(Self.path + "/lookup", Self.body(team: "sales"))
            #expect(try team.json.outcome == "miss")
            let reader = try await caller([.read])
            #expect(try await reader.post(Self.path + "/lookup", Self.body()).status == 403)
            #expect(try await reader.delete(Self.path + "/" + key).status == 403)
            #expect(try await reader.get(Self.path + "/entries/" + key).status == 200)
            let ingest = try await caller([.ingest])
            #expect(
                try await ingest.post(Self.path + "/invalidate", #"{"all":true}"#).status == 403)
        }
    }
}
