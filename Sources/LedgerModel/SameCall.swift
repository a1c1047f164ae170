/// The reports of one call to a model: the request that was booked, and those that repeat it.
///
/// Whether a further report tells of the same call is decided here, from nothing but the reports;
/// docs/decisions/0045 and 0066 say why it is decided so.
package struct ReportedCall: Sendable {
    package let request: Event
    package private(set) var repeats: [Event] = []

    package init(_ request: Event) {
        self.request = request
    }

    /// How far clocks and ends of spans may be apart, in microseconds, and still meet.
    static let skewMax: Int64 = 1_000_000

    /// Instrumentations that patch a client library but never make their span the current one, so
    /// that the span of another one that patches it lies beside theirs, not inside.
    static let scopesBeside: Set<Name> = ["langfuse-sdk"]

    package mutating func add(_ repeated: Event) { repeats.append(repeated) }

    /// Why a report is taken for one of this call.
    enum Link: Int, Comparable {
        /// The spans have one parent, and one of their instrumentations is known to report beside
        /// others.
        case beside
        /// One report's span is the parent of the other's.
        case nested
        /// The provider gave both the same id.
        case answered

        static func < (a: Link, b: Link) -> Bool { a.rawValue < b.rawValue }
    }

    /// The best reason to take a report for one of this call; nil if there is none, or if a report
    /// of the call speaks against it.
    func link(to report: Event) -> Link? {
        let known = [request] + repeats
        if known.contains(where: { $0.isAnotherCall(than: report) }) { return nil }
        let isSameKind = request.kind == report.kind
        if let link = known.compactMap({ $0.link(to: report, isSameKind: isSameKind) }).max() {
            return link
        }
        let isBeside =
            isSameKind && known.contains { $0.isBeside(report) }
            && !completed.usage.contradicts(report.usage)
        return isBeside ? .beside : nil
    }

    /// The call among some that a report tells of, and whether it is the only one it could be.
    package static func find(
        _ report: Event, among calls: [ReportedCall]
    ) -> (index: Int, isCertain: Bool)? {
        let linked = calls.enumerated().compactMap { index, call in
            call.link(to: report).map { (index: index, link: $0, start: call.request.start) }
        }
        guard let best = linked.map(\.link).max() else { return nil }
        let distance = { (start: Int64) in abs(start - report.start) }
        let found = linked.filter { $0.link == best }
            .min { (distance($0.start), $0.index) < (distance($1.start), $1.index) }
        return found.map { ($0.index, linked.count == 1 || best == .answered) }
    }
}

extension ReportedCall {
    /// Whether a report comes from an instrumentation that lies beside others.
    package static func liesBeside(_ report: Event) -> Bool {
        report.origin.scope.map { scopesBeside.contains($0) } ?? false
    }

    /// Whether two reports without a span around them may be of one call, though nothing but their
    /// numbers says so: the second is booked too, and the sender should know.
    package static func mayBeOne(_ a: Event, _ b: Event) -> Bool {
        a.kind == b.kind && a.origin.parentSpanID == nil && b.origin.parentSpanID == nil
            && a.origin.traceID != b.origin.traceID && !a.usage.isEmpty
            && a.looksLike(b) && !a.usage.contradicts(b.usage)
    }

    /// Whether one of two reports is booked before the other if they arrive together: a report
    /// before those that are around it, so that the one nearest to the call counts.
    package static func areInOrder(_ a: Event, _ b: Event) -> Bool {
        (a.end, b.start) < (b.end, a.start)
    }
}

extension Event {
    /// When the reported call began and ended, in microseconds.
    ///
    /// A repeated report has the time of its request; its own is in its id, in milliseconds.
    fileprivate var start: Int64 {
        kind == .requestRepeated ? id.time.microseconds : occurredAt.microseconds
    }
    fileprivate var end: Int64 { start + (latency ?? 0) }

    private func meets(_ other: Event) -> Bool {
        start <= other.end + ReportedCall.skewMax && other.start <= end + ReportedCall.skewMax
    }

    private func contains(_ other: Event) -> Bool {
        // The times of repeated reports are exact to a millisecond.
        start <= other.start + 1_000 && other.end <= end + 1_000
    }

    private func isInTrace(of other: Event) -> Bool {
        origin.traceID != nil && origin.traceID == other.origin.traceID
    }

    /// Whether one's span is the parent of the other's.
    private func isNested(with other: Event) -> Bool {
        func isParent(_ parent: CallOrigin, of child: CallOrigin) -> Bool {
            parent.spanID != nil && parent.spanID == child.parentSpanID
        }
        return isInTrace(of: other)
            && (isParent(origin, of: other.origin) || isParent(other.origin, of: origin))
    }

    /// Whether two reports can't be of one call.
    ///
    /// The provider gave them different ids; or one instrumentation made both, and neither is
    /// around the other: it reports each call once, so these are a retry, the next turn of a loop,
    /// or two calls to a provider that repeats its ids.
    fileprivate func isAnotherCall(than other: Event) -> Bool {
        if let id = origin.responseID, let otherID = other.origin.responseID, id != otherID {
            return true
        }
        guard origin.scope == other.origin.scope, !isNested(with: other) else { return false }
        let areSiblings =
            origin.parentSpanID != nil && origin.parentSpanID == other.origin.parentSpanID
        let isAround = contains(other) || other.contains(self)
        return !isInTrace(of: other) || areSiblings || !isAround
    }

    fileprivate func link(to other: Event, isSameKind: Bool) -> ReportedCall.Link? {
        guard meets(other) else { return nil }
        let isSameProvider = dimensions[.provider] == other.dimensions[.provider]
        if let id = origin.responseID, id == other.origin.responseID {
            guard isSameProvider || hasModel(of: other) else { return nil }
            // An id is only as unique as its provider makes it: without a common trace, more has to
            // be the same.
            let isSameApp = dimensions[.app] == other.dimensions[.app]
            return isInTrace(of: other) || (isSameApp && agrees(with: other)) ? .answered : nil
        }
        guard isSameKind, isSameProvider, hasModel(of: other), isNested(with: other) else {
            return nil
        }
        return .nested
    }

    /// Whether two instrumentations that patch one library can have reported one call to it.
    ///
    /// Each of them reports every call of the process once, so the number of requests is right even
    /// if calls at one time have equal numbers and their reports change partners.
    fileprivate func isBeside(_ other: Event) -> Bool {
        isInTrace(of: other) && origin.parentSpanID != nil
            && origin.parentSpanID == other.origin.parentSpanID && looksLike(other)
    }

    /// Whether two instrumentations, of which one lies beside others, tell of the same model at the
    /// same time.
    fileprivate func looksLike(_ other: Event) -> Bool {
        guard let scope = origin.scope, let otherScope = other.origin.scope, scope != otherScope,
            ReportedCall.scopesBeside.contains(scope)
                || ReportedCall.scopesBeside.contains(otherScope),
            dimensions[.provider] == other.dimensions[.provider], hasModel(of: other)
        else { return false }
        return coincides(with: other)
    }

    /// Whether two spans share at least half of the longer one's time.
    private func coincides(with other: Event) -> Bool {
        let shared = min(end, other.end) - max(start, other.start)
        return shared * 2 >= max(end - start, other.end - other.start)
    }

    /// Whether the counts of two reports can be of one call: instrumentations differ in what they
    /// count as input, or by a token of output, but not in both.
    private func agrees(with other: Event) -> Bool {
        guard let input = usage[.inputTokens], let otherInput = other.usage[.inputTokens],
            let output = usage[.outputTokens], let otherOutput = other.usage[.outputTokens]
        else { return true }
        return input == otherInput || abs(output - otherOutput) <= 1
    }

    /// Whether two names of a model may mean one, such as `gpt-4o` and `gpt-4o-2024-08-06`.
    private func hasModel(of other: Event) -> Bool {
        guard let model = dimensions[.model]?.string, let otherModel = other.dimensions[.model]
        else { return false }
        let names = [model, otherModel.string].map { name in
            name.lowercased().split(separator: "/").last.map { Array($0.utf8) } ?? []
        }.sorted { $0.count < $1.count }
        guard names[1].starts(with: names[0]) else { return false }
        let rest = names[1].dropFirst(names[0].count)
        // A date or a number of a version follows, not the name of a smaller sister.
        let digits = rest.dropFirst().prefix { 48...57 ~= $0 }.count
        return rest.isEmpty || ((rest.first == 45 || rest.first == 64) && digits >= 3)
    }
}

// MARK: - What a repeated report adds

extension ReportedCall {
    /// The event of a further report: where it comes from, and what no report before it told.
    ///
    /// - Parameter isCertain: whether the report may complete the request, and not only be noted.
    package func repeated(by report: Event, isCertain: Bool) -> Event {
        let known = completed
        var event = Event(
            id: report.id, kind: .requestRepeated, occurredAt: request.occurredAt)
        event.externalID = report.externalID
        event.causeID = request.id
        event.origin = report.origin
        event.latency = report.latency
        event.timeToFirstToken = report.timeToFirstToken
        event.dimensions = known.dimensions
        guard isCertain else { return event }
        for dimension in Dimension.allCases where known.dimensions[dimension] == nil {
            event.dimensions[dimension] = report.dimensions[dimension]
        }
        if known.labels == nil { event.labels = report.labels }
        if known.status == nil { event.status = report.status }
        if known.contentHash == nil { event.contentHash = report.contentHash }
        if known.requestHash == nil { event.requestHash = report.requestHash }
        event.usage = known.usage.missing(from: report.usage)
        return event
    }

    /// The request with everything that its repeated reports add.
    package var completed: Event {
        var event = request
        for repeated in repeats { event.complete(by: repeated) }
        return event
    }
}

extension Event {
    /// Takes over what another report of the call adds.
    package mutating func complete(by repeated: Event) {
        for dimension in Dimension.allCases where dimensions[dimension] == nil {
            dimensions[dimension] = repeated.dimensions[dimension]
        }
        if labels == nil { labels = repeated.labels }
        if status == nil { status = repeated.status }
        if contentHash == nil { contentHash = repeated.contentHash }
        if requestHash == nil { requestHash = repeated.requestHash }
        usage.complete(by: repeated.usage)
    }
}

extension Usage {
    /// Takes over the counts of units that are unknown here.
    package mutating func complete(by other: Usage) {
        for unit in other.units where !has(unit) { self[unit] = other[unit] }
    }

    /// Whether another report counts anything differently.
    func contradicts(_ other: Usage) -> Bool {
        other.units.contains { has($0) && self[$0] != other[$0] }
    }

    /// The counts of another report that can be added to these.
    ///
    /// A part of a whole that the reports count differently says nothing about this one.
    func missing(from other: Usage) -> Usage {
        var missing = Usage()
        for unit in other.units where !has(unit) {
            let whole = unit.container
            if let whole, has(whole), self[whole] != other[whole] { continue }
            missing[unit] = other[unit]
        }
        var completed = self
        completed.complete(by: missing)
        do { try completed.validate() } catch { return Usage() }
        return missing
    }
}
