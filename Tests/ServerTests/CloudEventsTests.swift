import Foundation
import LedgerTesting
import Testing

/// CloudEvents in the three modes of HTTP, as OpenMeter's clients send them.
@Suite("CloudEvents over HTTP")
struct CloudEventsTests {
    private static let structured = "application/cloudevents+json"
    private static let batch = "application/cloudevents-batch+json"

    @Test("the structured, batch and binary modes are answered with 204 and no body")
    func modes() async throws {
        try await InProcess.withClient { client in
            let one = try await client.post(
                "/api/v1/events", EventText("one").cloudEvent, type: Self.structured)
            #expect(one.status == 204)
            #expect(one.text.isEmpty)
            let utf8 = try await client.post(
                "/api/v1/events", EventText("utf8").cloudEvent,
                type: Self.structured + "; charset=UTF-8")
            #expect(utf8.status == 204)
            let two = goodEvents(2).map(\.cloudEvent).joined(separator: ",")
            let batch = try await client.post(
                "/api/v1/events", "[\(two)]", type: Self.batch)
            #expect(batch.status == 204)
            let binary = try await sendBinary(EventText("binary"), id: "binary", client)
            #expect(binary.status == 204)
            let stored = try await client.storedIDs()
            #expect(stored == ["one", "utf8", "good-0", "good-1", "binary"])
        }
    }

    @Test("the same event in another mode, or as native JSON, is a duplicate")
    func sameInEveryMode() async throws {
        try await InProcess.withClient { client in
            let event = EventText("same")
            #expect(try await client.ingest(event.text).counts == [1, 0, 0, 0])
            let structured = try await client.post(
                "/api/v1/events", event.cloudEvent, type: Self.structured)
            #expect(structured.status == 204)
            #expect(try await sendBinary(event, id: "same", client).status == 204)
            #expect(try await client.storedIDs() == ["same"])
        }
    }

    @Test("a conflict or a bad event is 400 with the report, the good ones are stored")
    func conflicts() async throws {
        try await InProcess.withClient { client in
            let event = EventText("a")
            #expect(try await client.ingest(event.text).appended == 1)
            let changed = event.with("app", "\"other\"")
            let conflict = try await client.post(
                "/api/v1/events", changed.cloudEvent, type: Self.structured)
            #expect(conflict.status == 400)
            #expect(try conflict.json.counts == [0, 0, 1, 0])

            let events = [EventText("b"), changed, EventText("c").with("usage", "[]"), event]
            let body = events.map(\.cloudEvent).joined(separator: ",")
            let mixed = try await client.post("/api/v1/events", "[\(body)]", type: Self.batch)
            #expect(mixed.status == 400)
            let report = try mixed.json
            #expect(report.counts == [1, 1, 1, 1])
            #expect(report.events.each("index").contains(2))
            #expect(try await client.storedIDs() == ["a", "b"])

            let binary = try await sendBinary(changed, id: "a", client)
            #expect(binary.status == 400)
            #expect(try binary.json.conflicts == 1)
        }
    }

    @Test("an invalid CloudEvent is refused with the attribute that is wrong")
    func refusals() async throws {
        try await InProcess.withClient { client in
            let text = EventText("a").cloudEvent
            let wrong = [
                ("specversion", text.replacingOccurrences(of: #""specversion":"1.0","#, with: "")),
                ("specversion", text.replacingOccurrences(of: #""1.0""#, with: #""2.0""#)),
                ("source", text.replacingOccurrences(of: #""source":"tests","#, with: "")),
                ("data", text.replacingOccurrences(of: #""data":{"#, with: #""data":1,"x":{"#)),
            ]
            for (name, body) in wrong {
                let answer = try await client.post("/api/v1/events", body, type: Self.structured)
                #expect(answer.status == 400)
                #expect(try answer.json.events[0].error.contains(name), "\(name)")
            }
            let array = try await client.post("/api/v1/events", "[\(text)]", type: Self.structured)
            #expect(array.status == 400)
            #expect(try array.failure.message.contains("one CloudEvent"))
            #expect(try await client.storedIDs() == [])
        }
    }

    private func sendBinary(
        _ event: EventText, id: String, _ client: Client
    ) async throws -> Answer {
        try await client.post(
            "/api/v1/events", event.cloudEventData,
            headers: [
                ("ce-specversion", "1.0"), ("ce-id", id), ("ce-source", "tests"),
                ("ce-type", "request.completed"),
            ])
    }
}
