import HTTPTypes
import LedgerTesting
import Server
import Testing

/// A page in a browser is no caller, though it can send requests to its reader's own machine.
@Suite("Foreign callers")
struct ForeignCallerTests {
    private static func refusal(
        _ host: String?, origin: String? = nil, at listening: AcceptedHosts = .loopback
    ) -> ForeignCaller? {
        var request = HTTPRequest(
            method: .post, scheme: "http", authority: host, path: "/api/v1/events")
        request.headerFields[.origin] = origin
        do throws(ForeignCaller) {
            try listening.check(request)
            return nil
        } catch { return error }
    }

    @Test(
        "on loopback only names and addresses of loopback are accepted",
        arguments: [
            ("127.0.0.1:8080", true), ("localhost:8080", true), ("LOCALHOST", true),
            ("[::1]:8080", true), ("127.9.9.9", true), ("evil.example", false),
            ("127.evil.example", false), ("127.0.0.1.evil.example:8080", false),
            ("localhost.evil.example", false), ("10.0.0.1:8080", false), ("", false),
            ("[::2]", false),
        ])
    func hosts(_ host: String, _ isAccepted: Bool) {
        #expect((Self.refusal(host) == nil) == isAccepted)
    }

    @Test("a further name is accepted if a setting has it, and elsewhere than on loopback any")
    func furtherHosts() {
        let behindProxy = AcceptedHosts(
            listeningOn: "127.0.0.1", isLoopback: true, further: ["Tally.example"])
        #expect(Self.refusal("tally.example:443", at: behindProxy) == nil)
        #expect(Self.refusal("evil.example", at: behindProxy) != nil)
        #expect(
            Self.refusal("tally.example", origin: "https://tally.example", at: behindProxy) == nil)
        let open = AcceptedHosts(listeningOn: "0.0.0.0", isLoopback: false)
        #expect(Self.refusal("tally.internal:8080", at: open) == nil)
        #expect(Self.refusal("tally.internal", origin: "http://evil.example", at: open) != nil)
    }

    @Test(
        "only pages of the service itself may call it: the same host and the same port",
        arguments: [
            ("http://127.0.0.1:8080", true), ("http://127.0.0.1:3000", false), ("null", false),
            ("http://evil.example", false), ("http://evil.example:8080", false),
            ("http://localhost:8080", false), ("", false),
        ])
    func origins(_ origin: String, _ isAccepted: Bool) {
        #expect((Self.refusal("127.0.0.1:8080", origin: origin) == nil) == isAccepted)
    }

    @Test("a default port may be left out")
    func defaultPorts() {
        #expect(Self.refusal("localhost", origin: "http://localhost:80") == nil)
        #expect(Self.refusal("[::1]", origin: "http://[::1]") == nil)
        #expect(Self.refusal("localhost:80", origin: "https://localhost") != nil)
    }

    @Test(
        "what counts as loopback is an address",
        arguments: [
            ("127.0.0.1", true), ("127.255.0.3", true), ("::1", true), ("::ffff:127.0.0.1", true),
            ("127.example", false), ("127.0.0.1.example", false), ("0.0.0.0", false),
            ("128.0.0.1", false), ("::", false), ("::ffff:10.0.0.1", false), ("127", false),
        ])
    func addresses(_ text: String, _ isLoopback: Bool) {
        #expect(AcceptedHosts.isLoopbackAddress(text) == isLoopback)
    }

    @Test("a page of another site can neither read nor change anything, whatever call it makes")
    func everyCall() async throws {
        try await InProcess.withClient { client in
            let paths = try await client.get("/openapi.json").json.paths.members
            for (path, operations) in paths {
                for method in operations.members.keys {
                    let method = try #require(HTTPRequest.Method(method.uppercased()))
                    let answer = try await client.send(
                        method, path.replacing(#/\{[^}]*\}/#, with: "x"),
                        headers: [("origin", "https://evil.example")])
                    #expect(answer.status == 403, "\(method) \(path): \(answer)")
                }
            }
            #expect(try await client.get("/api/v1/head").status == 200)
        }
    }

    @Test("a call that changes something needs the type of its body; a page could leave it out")
    func types() async throws {
        try await InProcess.withClient { client in
            for (path, body) in [
                ("/api/v1/events", EventText("a").text),
                ("/api/v1/ledgers", #"{"name":"b"}"#), ("/api/v1/keys", #"{"name":"b"}"#),
                ("/api/v1/prices", "models: []"), ("/api/v1/rerates", "{}"),
                ("/api/v1/replays", #"{"book":"default"}"#),
                ("/api/v1/experiments", "{}"), ("/v1/traces", "{}"),
            ] {
                let simple = [
                    nil, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
                    "Text/Plain; charset=utf-8",
                ]
                for type in simple {
                    let answer = try await client.post(path, body, type: type)
                    #expect(answer.status == 415, "\(path) \(type ?? "none"): \(answer)")
                }
            }
            #expect(try await client.storedIDs() == [])
            #expect(try await client.get("/api/v1/keys").json.keys.items.isEmpty)
        }
    }

    @Test("a question may come without a type, as curl -d sends it")
    func questions() async throws {
        try await InProcess.withClient { client in
            for type in ["application/x-www-form-urlencoded", nil] {
                let answer = try await client.post(
                    "/api/v1/sql", #"{"query":"SELECT 1 AS a"}"#, type: type)
                #expect(answer.status == 200, "\(answer)")
            }
        }
    }
}
