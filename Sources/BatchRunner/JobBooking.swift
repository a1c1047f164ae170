import Batching
import Booking
import EventReading
import JSON
import LedgerModel
import Providers
import Resilience
import UsageExtraction

/// What a job means for the ledger: each finished line is a request at the batch price, once.
///
/// Ids follow from batch and line, so that what is read again after a crash is a duplicate.
struct JobBooking: Sendable {
    let intake: Intake
    let job: ClaimedJob
    let provider: ModelProvider
    /// When the provider had ended the job, as we saw first.
    let finishedAt: Timestamp

    static let source: Name = "tally.batches"

    /// Whose line it is.
    struct Member: Sendable {
        let batch: EventID
        let line: Int32
        let model: String
        let facts: BatchFacts
        let key: EventID?
    }

    /// The event of a line; nil for one that the provider has not done.
    func event(_ outcome: BatchJob.Outcome, of member: Member) -> Event? {
        let kind: EventKind
        var body = [UInt8](), status: Int32?, errorType: Name?
        switch outcome {
        case .answered(let bytes): (kind, body, status) = (.requestCompleted, bytes, 200)
        case .failed(let failure, let bytes):
            (kind, body) = (.requestFailed, bytes)
            status = failure.status.map { Int32($0) }
            errorType = Self.errorType(of: bytes) ?? Name("\(failure.errorClass)")
        case .expired, .cancelled, .missing: return nil
        }
        let identity = ExternalID(
            source: Self.source, id: Name("\(member.batch)-\(member.line)"))
        var event = Event(
            id: identity.eventID(at: finishedAt), kind: kind, occurredAt: finishedAt)
        event.externalID = identity
        event.dimensions = member.facts.dimensions
        event.labels = member.facts.labels
        event.dimensions[.provider] = provider.prices
        event.dimensions[.operation] = BatchEndpoint.operation(of: job.endpoint)
        event.dimensions[.serviceTier] = "batch"
        event.dimensions[.apiKey] = member.key.map { Name($0.description) }
        let answered = Self.usage(of: body, provider, job.endpoint)
        event.dimensions[.model] = Name(answered.model ?? member.model)
        event.usage = answered.usage
        event.status = status
        event.errorType = errorType
        return event
    }

    /// Appends events; those that the ledger has already are no new ones.
    func append(_ events: [Event]) async throws {
        var rest = events.enumerated().makeIterator()
        let report = try await intake.take(listing: .refused) {
            rest.next().map { ReadItem(index: $0.offset, line: nil, result: .success($0.element)) }
        }
        if let line = report.lines.first(where: { $0.status == .rejected }) {
            throw EventRefused(reason: line.reason ?? "it was rejected")
        }
    }

    /// Says that a job was made.
    func formed() async throws {
        var event = event("formed", .batchFormed, at: job.createdAt)
        event.detail = try Labels([
            ("batch", Name(job.job.description)), ("form", "job"), ("size", Name("\(job.lines)")),
            ("duplicates", "0"), ("wait_ms", Name("\(job.waited)")),
            ("trigger", Name(job.formedBy)),
        ])
        try await append([event])
    }

    /// Says how a job ended, with the usage of its lines.
    func completed() async throws {
        var event = event("completed", .batchCompleted, at: finishedAt)
        let totals = job.totals
        event.usage = totals.usage
        event.dimensions[.serviceTier] = "batch"
        event.latency = max(0, finishedAt.microseconds - job.createdAt.microseconds)
        event.detail = try Labels([
            ("batch", Name(job.job.description)), ("form", "job"), ("size", Name("\(job.lines)")),
            ("succeeded", Name("\(totals.succeeded)")), ("failed", Name("\(totals.failed)")),
            ("expired", Name("\(totals.expired)")), ("duplicates", "0"),
            ("deadline_misses", Name("\(isLate ? job.lines : 0)")),
            ("retries", Name("\(totals.retries)")),
        ])
        try await append([event])
    }

    private var isLate: Bool { finishedAt > job.createdAt.after(BatchAPI.goal) }

    private func event(_ what: String, _ kind: EventKind, at time: Timestamp) -> Event {
        let identity = ExternalID(source: Self.source, id: Name("\(job.job)-\(what)"))
        var event = Event(id: identity.eventID(at: time), kind: kind, occurredAt: time)
        event.externalID = identity
        event.dimensions = job.facts.dimensions
        event.dimensions[.provider] = provider.prices
        event.dimensions[.model] = Name(job.model)
        return event
    }

    /// Model and usage of an answer; none where it has none.
    private static func usage(
        of body: [UInt8], _ provider: ModelProvider, _ endpoint: String
    ) -> (model: String?, usage: Usage) {
        guard !body.isEmpty, let json = try? JSONTree(parsing: body) else { return (nil, Usage()) }
        let flavor = BatchEndpoint.flavor(of: endpoint)
        let speaker = provider.kind.dialect == .anthropic ? "anthropic" : "openai"
        let catalog = ExtractorCatalog.builtIn
        for name in [provider.prices.string, speaker] {
            guard let extractor = catalog.extractor(of: name, flavor: flavor),
                let read = try? extractor.extract(from: json)
            else { continue }
            return read
        }
        return (json["model"]?.string, Usage())
    }

    private static func errorType(of body: [UInt8]) -> Name? {
        let json = (try? JSONTree(parsing: body)) ?? .null
        let error = json["error"] ?? json
        let word = error["type"]?.string ?? error["code"]?.string
        return word.flatMap { $0.isEmpty || $0.utf8.count > 100 ? nil : Name($0) }
    }
}
