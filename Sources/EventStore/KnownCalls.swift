import LedgerModel
import LedgerSQL
import Postgres

/// The calls to models that a ledger is known to have, by what their reports have in common.
struct KnownCalls {
    /// A further report of a call.
    struct Note {
        let request: EventID
        /// What is appended for it; nil if it was noted before.
        let event: Event?
    }

    private struct Span: Hashable {
        let trace: Name
        let id: Name

        init?(_ id: Name?, in trace: Name?) {
            guard let id, let trace else { return nil }
            (self.trace, self.id) = (trace, id)
        }
    }

    private var calls: [EventID: ReportedCall] = [:]
    /// Where the requests are that were searched for.
    private(set) var positions: [EventID: Int64] = [:]
    /// The requests with a report by a span, by a child of a span, or with an id of the provider's.
    private var bySpan: [Span: [EventID]] = [:]
    private var byParent: [Span: [EventID]] = [:]
    private var byResponse: [Name: [EventID]] = [:]
    /// Those with a report by a child of a span that lies beside others.
    private var besides: [Span: [EventID]] = [:]

    /// Finds the entries that are further reports of calls, and remembers all others.
    ///
    /// - Parameter isKnown: whether the ledger has the entry's own event.
    mutating func notes(
        of batch: EntryBatch, unless isKnown: (EntryBatch.Entry) -> Bool
    ) -> [Int: Note] {
        var notes: [Int: Note] = [:]
        for (index, report) in batch.callsInOrder where !isKnown(batch.entries[index]) {
            let note = find(report)
            notes[index] = note
            if let event = note == nil ? report : note?.event { add(event) }
        }
        return notes
    }

    /// Nil if this is the first report of its call, or if the very event is known.
    private func find(_ report: Event) -> Note? {
        let candidates = requests(near: report).compactMap { calls[$0] }
        if candidates.isEmpty { return nil }
        if candidates.contains(where: { $0.request.id == report.id }) { return nil }
        if let noted = candidates.first(where: { $0.repeats.contains { $0.id == report.id } }) {
            return Note(request: noted.request.id, event: nil)
        }
        guard let (index, isCertain) = ReportedCall.find(report, among: candidates) else {
            return nil
        }
        return Note(
            request: candidates[index].request.id,
            event: candidates[index].repeated(by: report, isCertain: isCertain))
    }

    private func requests(near report: Event) -> [EventID] {
        let origin = report.origin
        let span = Span(origin.spanID, in: origin.traceID)
        let parent = Span(origin.parentSpanID, in: origin.traceID)
        let ids =
            (span.map { (bySpan[$0] ?? []) + (byParent[$0] ?? []) } ?? [])
            + (parent.flatMap { bySpan[$0] } ?? [])
            + (origin.responseID.flatMap { byResponse[$0] } ?? [])
            + (parent.flatMap {
                ReportedCall.liesBeside(report) ? byParent[$0] : besides[$0]
            } ?? [])
        if ids.count < 2 { return ids }
        var seen: Set<EventID> = []
        return ids.filter { seen.insert($0).inserted }
    }

    /// Adds a request, or a further report of one that is known.
    private mutating func add(_ event: Event) {
        let request: EventID
        if event.kind == .requestRepeated, let cause = event.causeID {
            guard calls[cause] != nil else { return }
            calls[cause]?.add(event)
            request = cause
        } else {
            if calls[event.id] != nil { return }
            calls[event.id] = ReportedCall(event)
            request = event.id
        }
        let origin = event.origin
        if let span = Span(origin.spanID, in: origin.traceID) {
            bySpan[span, default: []].append(request)
        }
        if let parent = Span(origin.parentSpanID, in: origin.traceID) {
            byParent[parent, default: []].append(request)
            if ReportedCall.liesBeside(event) { besides[parent, default: []].append(request) }
        }
        if let response = origin.responseID { byResponse[response, default: []].append(request) }
    }
}

extension KnownCalls {
    /// Looks for other reports of the calls in some batches.
    mutating func search(
        for batches: [EntryBatch], of ledger: LedgerID, in session: Session
    ) throws {
        let reports = batches.flatMap(\.calls.values)
        guard let search = FindCalls(of: reports, in: ledger) else { return }
        let ids = try session.run(search)
        if ids.isEmpty { return }
        let events = try session.events(ids, of: ledger).sorted { $0.position < $1.position }
        for recorded in events {
            positions[recorded.event.id] = recorded.position
            add(recorded.event)
        }
    }
}

/// The requests near some reports, and everything that repeats them: those with a report from the
/// same trace or with the same id of the provider's, unless they had ended long before.
struct FindCalls: Statement {
    static let sql = """
        WITH found AS (
            SELECT coalesce(cause_id, event_id) AS request FROM tally.events
            WHERE ledger_id = $1 AND trace_id IS NOT NULL AND trace_id = ANY ($2)
                AND event_id >= $4 AND event_id < $5 AND (kind = 3 AND event_id >= $7
                OR kind IN (1, 2)
                AND occurred_at + coalesce(latency_us, 0) * interval '1 microsecond' >= $6)
            UNION
            SELECT coalesce(cause_id, event_id) FROM tally.events
            WHERE ledger_id = $1 AND response_id IS NOT NULL AND response_id = ANY ($3)
                AND event_id >= $4 AND event_id < $5 AND (kind = 3 AND event_id >= $7
                OR kind IN (1, 2)
                AND occurred_at + coalesce(latency_us, 0) * interval '1 microsecond' >= $6))
        SELECT request FROM found
        UNION ALL
        SELECT event_id FROM found JOIN tally.events ON ledger_id = $1 AND kind = 3
            AND cause_id = request AND event_id >= $4 AND event_id < $5
        """
    static let columns = Columns(EventID.self)
    let ledger: LedgerID
    private let traces: [String]
    private let responses: [String]
    private let first: EventID
    private let end: EventID
    private let since: Timestamp
    private let firstRepeat: EventID

    /// The longest call that is looked for, in microseconds.
    static let callMicrosecondsMax = Timestamp.dayMicroseconds
    /// How long before the first report a call may have ended, in microseconds.
    static let gapMax: Int64 = 60_000_000
    /// How long before it a report that was noted may have begun, in microseconds; earlier ones are
    /// found by their requests.
    static let repeatMicrosecondsMax: Int64 = 600_000_000

    /// - Returns: nil without reports.
    init?(of reports: [Event], in ledger: LedgerID) {
        guard let first = reports.map(\.occurredAt).min(),
            let last = reports.map({ $0.occurredAt.advanced(byMicroseconds: $0.latency ?? 0) })
                .max()
        else { return nil }
        self.ledger = ledger
        traces = Set(reports.compactMap(\.origin.traceID)).sorted().map(\.string)
        responses = Set(reports.compactMap(\.origin.responseID)).sorted().map(\.string)
        since = first.advanced(byMicroseconds: -Self.gapMax)
        func bound(_ time: Timestamp, _ microseconds: Int64) -> EventID {
            EventID.first(at: time.advanced(byMicroseconds: microseconds))
        }
        self.first = bound(first, -Self.callMicrosecondsMax)
        firstRepeat = bound(first, -Self.repeatMicrosecondsMax)
        end = bound(last, Self.gapMax)
    }

    var parameters: Parameters {
        Parameters(ledger, traces, responses, first, end, since, firstRepeat)
    }
    typealias Row = EventID

    static func row(_ cell: EventID) throws(PostgresError) -> EventID { cell }
}
