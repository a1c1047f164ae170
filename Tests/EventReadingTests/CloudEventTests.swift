import EventReading
import LedgerModel
import Testing

@Suite("A CloudEvent")
struct CloudEventTests {
    private func json(_ changes: KeyValuePairs<String, String?> = [:]) -> String {
        var members: [String: String] = [
            "specversion": "\"1.0\"", "id": "\"a-1\"", "source": "\"/svc\"",
            "type": "\"request.completed\"", "time": "\"2025-11-23T17:10:00Z\"",
            "subject": "\"customer-1\"",
            "data": "{\"provider\":\"openai\",\"model\":\"m\",\"usage\":{\"input_tokens\":5}}",
        ]
        for (key, value) in changes { members[key] = value }
        return "{"
            + members.sorted { $0.key < $1.key }
            .map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
    }

    @Test("structured mode: identity is source and id, subject is the user")
    func structured() throws {
        let found = try event(json(["traceparent": "\"x\"", "level": "5"]), .cloudEvent)
        #expect(found.externalID == ExternalID(source: "/svc", id: "a-1"))
        #expect(found.id == found.externalID?.eventID(at: found.occurredAt))
        #expect(found.occurredAt.description == "2025-11-23T17:10:00Z")
        #expect(found.dimensions[.user] == "customer-1")
        #expect(found.usage[.inputTokens] == 5)
        let uuid = "019ab1c5-0b40-7c3a-9f10-5b6f1c2d3e4f"
        let sourced = try event(json(["id": "\"\(uuid)\""]), .cloudEvent)
        #expect(sourced.externalID?.id == Name(uuid))
    }

    @Test("fields of data take precedence over time and subject")
    func precedence() throws {
        let data =
            "{\"provider\":\"openai\",\"model\":\"m\",\"user\":\"u\","
            + "\"occurred_at\":\"2025-11-23T18:00:00Z\",\"type\":\"request.completed\"}"
        let found = try event(json(["data": data]), .cloudEvent)
        #expect(found.dimensions[.user] == "u")
        #expect(found.occurredAt.description == "2025-11-23T18:00:00Z")
    }

    @Test("a type may have our prefix")
    func prefix() throws {
        let found = try event(json(["type": "\"tallystick.request.failed\""]), .cloudEvent)
        #expect(found.kind == .requestFailed)
    }

    @Test("data in Base64 is the same as data")
    func base64() throws {
        let data =
            "eyJwcm92aWRlciI6Im9wZW5haSIsIm1vZGVsIjoibSIsInVzYWdlIjp7ImlucHV0X3Rva2VucyI6NX19"
        let found = try event(json(["data": nil, "data_base64": "\"\(data)\""]), .cloudEvent)
        #expect(found == (try event(json(), .cloudEvent)))
        for bad in ["a", "####", "e===", "eyJ9"] {
            let reason = try refusal(
                json(["data": nil, "data_base64": "\"\(bad)\""]), .cloudEvent)
            #expect(reason.contains("data"), "\(bad): \(reason)")
        }
    }

    @Test(
        "a missing or wrong attribute is refused by name",
        arguments: [
            ("specversion", nil, "specversion is missing"),
            ("specversion", "\"0.3\"", "specversion is \"0.3\": expected 1.0"),
            ("id", nil, "id is missing"), ("id", "\"\"", "id is empty"),
            ("source", nil, "source is missing"), ("type", nil, "type is missing"),
            ("type", "\"com.other\"", "type \"com.other\" is unknown"),
            (
                "time", nil,
                "time is missing: CloudEvents may leave it out, but here time or data.occurred_at "
                    + "must say when it happened"
            ),
            ("time", "\"noon\"", "time \"noon\" is not a time"),
            ("time", "5", "time is a number: expected text"),
            ("data", nil, "provider is required"),
            ("data", "\"x\"", "data is a string: expected an object"),
            ("data", "{\"id\":\"x\"}", "data.id is not allowed"),
            ("data", "{\"app\":5}", "data.app is a number"),
            ("data", "{\"usage\":{\"x\":5}}", "data.usage.x is unknown"),
            ("data", "{\"type\":\"cache.hit\"}", "data.type is cache.hit, but the event's type"),
            ("datacontenttype", "\"text/xml\"", "datacontenttype is \"text/xml\""),
            ("data_base64", "\"e30=\"", "data and data_base64 cannot both be present"),
        ] as [(String, String?, String)])
    func refused(_ key: String, _ value: String?, _ reason: String) throws {
        let found = try refusal(json(["\(key)": value]), .cloudEvent)
        #expect(found.contains(reason), "\(found)")
    }

    @Test("a batch is an array, and structured mode is one object")
    func batch() throws {
        let items = try items("[\(json()),\(json(["id": nil])),5]", .cloudEventBatch)
        #expect(items.map { $0.event != nil } == [true, false, false])
        #expect(throws: BodyFault.self) { try EventReadingTests.items(json(), .cloudEventBatch) }
        #expect(throws: BodyFault.self) { try EventReadingTests.items("[\(json())]", .cloudEvent) }
    }

    @Test("binary mode reads headers, percent-decoded and unquoted, and data from the body")
    func binary() throws {
        let headers = [
            (name: "CE-SpecVersion", value: "1.0"), (name: "ce-id", value: "\"a%20\\\"1\""),
            (name: "ce-source", value: "/caf%C3%A9"), (name: "ce-type", value: "request.completed"),
            (name: "ce-time", value: "2025-11-23T17:10:00Z"), (name: "ce-level", value: "x"),
            (name: "Content-Type", value: "application/json; charset=utf-8"),
            (name: "accept", value: "*/*"),
        ]
        let body = Array("{\"provider\":\"openai\",\"model\":\"m\"}".utf8)
        let item = body.withUnsafeBytes { CloudEventHeaders.read(headers, body: $0, now: now) }
        let found = try item.result.get()
        #expect(found.externalID == ExternalID(source: "/café", id: "a \"1"))
        #expect(found.dimensions[.provider] == "openai")
        for bad in [
            [(name: "ce-id", value: "2")], [(name: "ce-subject", value: "%FF")],
            [(name: "ce-subject", value: "%00")],
        ] {
            let item = body.withUnsafeBytes {
                CloudEventHeaders.read(headers + bad, body: $0, now: now)
            }
            #expect(item.event == nil)
        }
        let broken = Array("{".utf8).withUnsafeBytes {
            CloudEventHeaders.read(headers, body: $0, now: now)
        }
        #expect(broken.reason?.hasPrefix("data is not JSON at byte 1") == true)
    }
}
