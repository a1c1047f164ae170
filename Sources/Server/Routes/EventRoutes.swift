import Access
import Booking
import EventReading
import EventStore
import HTTPTypes
import Hummingbird
import LedgerModel
import Rendering

/// `/api/v1/events` and `/api/v1/head`: the stream.
enum EventRoutes {
    /// The most bytes of a body, also after expansion.
    static let bodyBytesMax = 64 << 20
    private static let path = "/api/v1/events"

    static let routes: [Route] = [
        Route(
            .post, path, "Append events", needs: .scope(.ingest),
            answers: [
                .json(IntakeReport.self), .nothing, .json(IntakeReport.self, .badRequest),
                .json(RefusedEvent.self, .conflict),
                .json(RefusedEvent.self, .unprocessableContent),
            ], ingest),
        Route(.get, path, "List events from a position on", list),
        Route(.get, path + "/{id}", "Show an event") { (call, event: EventInput) in
            try found(try await call.ledger().store.event(event.id), event.id)
        },
        Route(.get, path + "/{id}/proof", "Prove that an event is in the chain") {
            (call, event: EventInput) in
            try found(try await call.ledger().store.proof(of: event.id), event.id)
        },
        Route(.get, "/api/v1/head", "Show the last position and hash") { (call, _: Nothing) in
            try await call.ledger().store.head()
        },
    ]

    private struct EventInput: Input {
        let id: EventID

        init(_ given: Given) throws {
            id = try given.path("id", .eventID, "The event.")
        }
    }

    private static func found<T>(_ value: T?, _ id: EventID) throws -> T {
        guard let value else { throw Refusal.notFound("this ledger has no event \(id)") }
        return value
    }

    // MARK: Appending

    private struct EventsInput: Input {
        static let body = BodyForm.stream(
            types: [
                "application/json", "application/x-ndjson", "application/cloudevents+json",
                "application/cloudevents-batch+json",
            ],
            meaning: "One event or many, as docs/events.md describes; gzip and zstd are accepted. "
                + "One event that is a JSON object is 422 if it is rejected and 409 if it is in "
                + "conflict; of many, each has its own status.")
        let isVerbose: Bool

        init(_ given: Given) throws {
            isVerbose =
                try given.query(
                    "verbose", .flag, "List every event, even those appended, with its cost.")
                ?? false
        }
    }

    private static func ingest(_ call: Call, _ input: EventsInput) async throws -> Response {
        let intake = try await call.ledger().intake
        let request = call.request
        let listing = input.isVerbose ? IntakeReport.Listing.everything : .notAppended
        if request.headers.contains(.ceSpecVersion) {
            let headers = request.headers.map { (name: $0.name.canonicalName, value: $0.value) }
            let body = try await call.body(upTo: bodyBytesMax)
            var item: ReadItem? = body.withBytes {
                CloudEventHeaders.read(headers, body: $0, now: call.now)
            }
            let report = try await intake.take(listing: listing) {
                item.take()?.reported(by: call.caller.key)
            }
            try await call.note(report, from: "events")
            return answer(report, isCloudEvent: true)
        }
        let form = try EventReader.Form(contentType: request.headers[.contentType])
        let body = try await call.body(upTo: bodyBytesMax)
        return try await call.work(on: body) {
            var reader = try EventReader(body, form: form, now: call.now)
            let isOneEvent = reader.isOneEvent
            let report = try await intake.take(listing: isOneEvent ? .everything : listing) {
                reader.next()?.reported(by: call.caller.key)
            }
            try await call.note(report, from: "events")
            if isOneEvent, let refused = RefusedEvent(report) {
                return .json(refused, status: refused.error.status)
            }
            return answer(report, isCloudEvent: form == .cloudEvent || form == .cloudEventBatch)
        }
    }

    private static func answer(_ report: IntakeReport, isCloudEvent: Bool) -> Response {
        if isCloudEvent && report.conflicts + report.rejected == 0 {
            return Response(status: .noContent)
        }
        return .json(report, status: isCloudEvent ? .badRequest : .ok)
    }

    // MARK: Reading

    /// The bytes of the texts in a page; one that has more ends early.
    private static let pageBytesMax = 16 << 20
    /// Events read at once.
    private static let stepMax = 1_000
    /// About the bytes of the texts of an event.
    private static let eventBytes = 1 << 10
    /// An event is held as a value and as its JSON.
    private static let bytesHeldPerByte = 4

    private struct ListInput: Input {
        let after: Int64
        let limit: Int
        let kind: EventKind?
        let mark: EventMark?

        init(_ given: Given) throws {
            let trace = try given.query("trace_id", .name, "Only what this trace reported.")
            let response = try given.query(
                "response_id", .name,
                "Only events of the answer to which the provider gave this id.")
            let id = try given.query("id", .text, "Only the event with this id of its sender.")
            let source = try given.query("source", .text, "The source that the id belongs to.")
            if source != nil, id == nil {
                throw Refusal.invalid("source is not known without id", param: "source")
            }
            let marks: [EventMark?] = [
                trace.map { .trace($0) }, response.map { .response($0) },
                id.map { .external(ExternalID(source: Name(source ?? ""), id: Name($0))) },
            ]
            mark = marks.compactMap { $0 }.first
            after =
                try given.query(
                    "after", .integer(in: 0...Int64.max - 10_001), "The position before the first.")
                ?? 0
            limit =
                try given.query("limit", .count(in: 1...10_000), "The maximum number; default 100.")
                ?? 100
            kind = try given.query(
                "type",
                .choice("an event type", EventKind.allCases.map(\.name), .requestCompleted) {
                    EventKind(name: $0)
                },
                "Only events of this type.")
            guard
                marks.count(where: { $0 != nil }) + (kind == nil ? 0 : 1) <= 1
                    || given.isDescription
            else {
                throw Refusal.invalid(
                    "give one of type, trace_id, response_id and id", param: "type")
            }
        }
    }

    private static func list(_ call: Call, _ input: ListInput) async throws -> EventPage {
        let store = try await call.ledger().store
        var share = PageShare(of: call.memory)
        if let mark = input.mark {
            let limit = min(input.limit, stepMax)
            try share.expect(bytesHeldPerByte * limit * eventBytes)
            let events = try await store.events(with: mark, after: input.after, limit: limit)
            try share.hold(bytesHeldPerByte * events.reduce(0) { $0 + $1.textBytes })
            let head = try await store.head().position
            let end = events.count < limit ? head : events.last?.position ?? head
            return EventPage(events, nextAfter: end, head: head)
        }
        var (events, end, bytesLeft) = ([RecordedEvent](), input.after, pageBytesMax)
        while events.count < input.limit, bytesLeft > 0 {
            let wanted = min(stepMax, input.limit - events.count)
            try share.expect(bytesHeldPerByte * wanted * eventBytes)
            let before = bytesLeft
            let page = try await store.events(of: input.kind, after: end, limit: wanted)
            let fitting = page.events.prefix { recorded in
                defer { bytesLeft -= recorded.textBytes }
                return bytesLeft > 0
            }
            events += fitting
            try share.hold(bytesHeldPerByte * (before - bytesLeft))
            end = fitting.count < page.events.count ? fitting.last?.position ?? end : page.end
            if page.events.count < wanted { break }
        }
        return EventPage(events, nextAfter: end, head: try await store.head().position)
    }
}

extension RecordedEvent {
    /// About the bytes of its texts.
    fileprivate var textBytes: Int {
        let identity = [event.externalID?.source, event.externalID?.id]
        let dimensions = Dimension.allCases.map { event.dimensions[$0] }
        let pairs = (event.labels?.pairs ?? []) + (event.detail?.pairs ?? [])
        let texts = identity + dimensions + pairs.flatMap { [$0.key, $0.value] }
        return texts.reduce(256) { $0 + ($1?.string.utf8.count ?? 0) }
    }
}

/// The outcome of a single event that was not stored: an error, and the report.
private struct RefusedEvent: RenderableObject {
    let error: Failure
    let report: IntakeReport

    /// Nil if the ledger has the event now.
    init?(_ report: IntakeReport) {
        guard report.rejected + report.conflicts > 0, let line = report.lines.first else {
            return nil
        }
        var message = line.reason ?? line.status.rawValue
        let differences = EventDifference.list(of: line.contradiction) ?? []
        if !differences.isEmpty {
            message += "; it differs in " + differences.map(\.field).joined(separator: ", ")
        }
        let isConflict = line.status == .conflict
        error = Failure(
            status: isConflict ? .conflict : .unprocessableContent,
            code: isConflict ? "conflict" : "invalid",
            type: isConflict ? "conflict" : "invalid_request_error", message: message)
        self.report = report
    }

    static let shape = Shape<RefusedEvent> {
        Member("error", \.error)
        Member(including: \.report)
    }
}

extension HTTPField.Name {
    /// The header that only CloudEvents in binary mode have.
    static let ceSpecVersion = HTTPField.Name("ce-specversion") ?? .authorization
}
