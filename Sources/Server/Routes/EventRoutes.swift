import Access
package import Booking
import EventReading
package import EventStore
import HTTPTypes
import Hummingbird
package import JSON
package import LedgerModel
import NIOCore

/// `/api/v1/events`, its parts, and `/api/v1/head`.
struct EventRoutes: Sendable {
    let access: AccessControl
    let ledgers: LedgerRegistry
    let now: @Sendable () -> Timestamp

    /// Bytes of a body, also after expansion.
    static let bodyBytesMax = 64 << 20
    /// Positions that one answer is looked through for events of the wanted type.
    static let lookThroughMax: Int64 = 200_000

    func add(to router: Router<TallyContext>) {
        router.post("/api/v1/events") { try await ingest($0, $1) }
        router.get("/api/v1/events") { try await list($0, $1) }
        router.get("/api/v1/events/:id") { try await show($0, $1) }
        router.get("/api/v1/events/:id/proof") { try await proof($0, $1) }
        router.get("/api/v1/head") { request, _ in
            let openLedger = try await openLedger(request, needs: .read)
            return Response.json(JSONWriter.head(try await openLedger.store.head()))
        }
    }

    private func openLedger(_ request: Request, needs scope: KeyScope) async throws -> OpenLedger {
        let caller = try await access.caller(key: request.apiKey, needs: scope)
        return try await ledgers.openLedger(caller.ledger)
    }

    // MARK: Ingest

    private func ingest(_ request: Request, _ context: TallyContext) async throws -> Response {
        let openLedger = try await openLedger(request, needs: .ingest)
        let isVerbose = Query(request)["verbose"] == "1"
        let listing = isVerbose ? IntakeReport.Listing.everything : .notAppended
        if request.headers.contains(.ceSpecVersion) {
            let headers = request.headers.map { (name: $0.name.canonicalName, value: $0.value) }
            var item: ReadItem? = try await request.withBody(upTo: Self.bodyBytesMax) {
                CloudEventHeaders.read(headers, body: $0, now: now())
            }
            let report = try await openLedger.intake.take(listing: listing) { item.take() }
            return Self.answer(report, isCloudEvent: true)
        }
        let form = try EventReader.Form(contentType: request.headers[.contentType])
        var reader: EventReader?
        try await request.withBody(upTo: Self.bodyBytesMax) {
            reader = try EventReader($0, form: form, now: now())
        }
        let report = try await openLedger.intake.take(listing: listing) { reader?.next() }
        return Self.answer(
            report, isCloudEvent: form == .cloudEvent || form == .cloudEventBatch)
    }

    private static func answer(_ report: IntakeReport, isCloudEvent: Bool) -> Response {
        if isCloudEvent && report.conflicts + report.rejected == 0 {
            return Response(status: .noContent)
        }
        return .json(JSONWriter.report(report), status: isCloudEvent ? .badRequest : .ok)
    }

    // MARK: Reading

    private func list(_ request: Request, _ context: TallyContext) async throws -> Response {
        let openLedger = try await openLedger(request, needs: .read)
        let query = Query(request)
        let after = try query.integer("after", default: 0, in: 0...Int64.max - 10_001)
        let limit = try query.integer("limit", default: 100, in: 1...10_000)
        let kind = try query["type"].map { name in
            guard let kind = EventKind(name: name) else {
                throw Failure.invalid("there is no event type \(name)", param: "type")
            }
            return kind
        }
        let page = try await Self.page(of: kind, after: after, Int(limit), in: openLedger.store)
        let head = try await openLedger.store.head()
        var json = JSONWriter()
        json.object { json in
            json.key("events")
            json.array(of: page.events) { $0.event($1) }
            // Where the next page starts, also when the type left this one empty.
            json.field("next_after", page.end)
            json.field("head", head.position)
        }
        return .json(json)
    }

    /// The next events, of one kind if it is given, and the position up to which all were seen.
    private static func page(
        of kind: EventKind?, after start: Int64, _ limit: Int, in store: PostgresLedger
    ) async throws -> (events: [RecordedEvent], end: Int64) {
        guard let kind else {
            let events = try await store.events(after: start, limit: limit)
            return (events, events.last?.position ?? start)
        }
        var (found, end) = ([RecordedEvent](), start)
        while end - start < lookThroughMax {
            let events = try await store.events(after: end, limit: PostgresLedger.readLimitMax)
            for recorded in events {
                end = recorded.position
                if recorded.event.kind == kind { found.append(recorded) }
                if found.count == limit { return (found, end) }
            }
            if events.count < PostgresLedger.readLimitMax { break }
        }
        return (found, end)
    }

    private func show(_ request: Request, _ context: TallyContext) async throws -> Response {
        let openLedger = try await openLedger(request, needs: .read)
        let id = try eventID(context)
        guard let recorded = try await openLedger.store.event(id) else {
            throw Failure.notFound("this ledger has no event \(id)")
        }
        var json = JSONWriter()
        json.event(recorded)
        return .json(json)
    }

    private func proof(_ request: Request, _ context: TallyContext) async throws -> Response {
        let openLedger = try await openLedger(request, needs: .read)
        let id = try eventID(context)
        guard let proof = try await openLedger.store.proof(of: id) else {
            throw Failure.notFound("this ledger has no event \(id)")
        }
        return .json(JSONWriter.proof(proof))
    }

    private func eventID(_ context: TallyContext) throws -> EventID {
        let text = context.parameters.get("id") ?? ""
        guard let id = EventID(text) else {
            throw Failure.invalid("\(text) is not an event id: a UUID is expected", param: "id")
        }
        return id
    }
}

extension JSONWriter {
    package static func head(_ head: Head) -> JSONWriter {
        var json = JSONWriter()
        json.value(head)
        return json
    }

    private mutating func value(_ head: Head) {
        object { json in
            json.field("position", head.position)
            json.field("block", head.block)
            json.field("hash", head.hash.description)
        }
    }

    package static func report(_ report: IntakeReport) -> JSONWriter {
        var json = JSONWriter()
        json.object { json in
            json.field("appended", report.appended)
            json.field("duplicates", report.duplicates)
            json.field("conflicts", report.conflicts)
            json.field("rejected", report.rejected)
            if let head = report.head {
                json.key("head")
                json.value(head)
            }
            json.key("events")
            json.array(of: report.orderedLines) { json, line in
                json.object { json in
                    json.field("index", line.index)
                    if let number = line.line { json.field("line", number) }
                    json.field("id", line.id)
                    json.field("status", line.status.rawValue)
                    if let position = line.position { json.field("position", position) }
                    if let reason = line.reason { json.field("error", reason) }
                }
            }
        }
        return json
    }

    package static func proof(_ proof: InclusionProof) -> JSONWriter {
        var json = JSONWriter()
        json.object { json in
            json.field("event_id", proof.event.description)
            json.field("position", proof.position)
            json.field("encoding", hexadecimal(proof.encoding))
            json.field("leaf_index", proof.position - proof.block.firstPosition)
            json.key("path")
            json.array(of: proof.path) { $0.value($1.description) }
            json.key("block")
            json.object { json in
                json.field("ledger", proof.block.ledger)
                json.field("number", proof.block.number)
                json.field("first_position", proof.block.firstPosition)
                json.field("count", proof.block.count)
                json.field("root", proof.block.root.description)
                json.field("previous_hash", proof.block.previousHash.description)
                json.field("recorded_at", proof.block.recordedAt.description)
                json.field("hash", proof.block.hash.description)
            }
        }
        return json
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension Request {
    /// Lends the body without its content coding; a larger one is refused, before or after
    /// expansion.
    func withBody<R>(
        upTo limit: Int, _ read: (UnsafeRawBufferPointer) throws -> R
    ) async throws -> R {
        let coding = try ContentCoding(header: headers[.contentEncoding])
        let announced = headers[.contentLength].flatMap { Int($0) } ?? 0
        if announced > limit { throw BodyFault.tooLarge(limit: limit) }
        let bytes: ByteBuffer
        do {
            bytes = try await body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw BodyFault.tooLarge(limit: limit)
        }
        return try bytes.withUnsafeReadableBytes { bytes in
            if coding == .identity { return try read(bytes) }
            return try Body.expand(bytes, coding: coding, limit: limit).withUnsafeBytes(read)
        }
    }

    /// The API key of `Authorization: Bearer …` or `x-api-key`.
    var apiKey: String? {
        if let authorization = headers[.authorization] {
            let parts = authorization.split(separator: " ", maxSplits: 1)
            if parts.count == 2, parts[0].lowercased() == "bearer" { return String(parts[1]) }
            return authorization
        }
        return headers[values: .xAPIKey].first
    }
}

extension HTTPField.Name {
    static let xAPIKey = HTTPField.Name("x-api-key") ?? .authorization
    /// Only a CloudEvent in the binary mode has it.
    static let ceSpecVersion = HTTPField.Name("ce-specversion") ?? .authorization
}
