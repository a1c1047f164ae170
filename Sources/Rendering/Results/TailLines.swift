package import LedgerModel

/// The lines of `tally tail`: a request and its charge, which comes next, are one.
package struct TailLines {
    /// The latest request, until its charge or something else comes.
    private var request: RecordedEvent?

    package init() {}

    /// The lines that an event completes.
    package mutating func take(_ event: RecordedEvent) -> [String] {
        if event.event.kind == .chargeRated, let request,
            event.event.causeID == request.event.id
        {
            self.request = nil
            return [line(request, cost(of: event.event))]
        }
        let lines = flush()
        if event.event.kind.isRequest {
            request = event
            return lines
        }
        return lines + [line(event, event.event.kind.isCharge ? cost(of: event.event) : "")]
    }

    /// The line of a request that nothing follows yet: a failed one without usage has no charge.
    package mutating func flush() -> [String] {
        guard let last = request.take() else { return [] }
        return [line(last, "")]
    }

    private func cost(of charge: Event) -> String {
        charge.amount.map { dollars(PicodollarSum($0)) } ?? "unpriced"
    }

    private func line(_ recorded: RecordedEvent, _ cost: String) -> String {
        let event = recorded.event
        let names = [event.dimensions[.app], event.dimensions[.model]].map { $0?.string ?? "–" }
        var last: [String] = []
        if !cost.isEmpty { last.append(cost) }
        if event.kind == .requestFailed {
            last.append(event.status.map { "failed \($0)" } ?? "failed")
        } else if !event.kind.isRequest {
            last.append(event.kind.name)
        }
        let cells = [
            String(event.occurredAt.description.prefix(19)) + "Z", padded(names[0], 16),
            padded(names[1], 24), padded(tokens(event.usage), 16), last.joined(separator: "  "),
        ]
        let text = visible(cells.joined(separator: "  "))
        return String(
            text[..<(text.lastIndex { $0 != " " }.map(text.index(after:)) ?? text.endIndex)])
    }

    private func tokens(_ usage: Usage) -> String {
        let counts = [UsageUnit.inputTokens, .outputTokens].map { usage[$0] }
        if counts.allSatisfy({ $0 == nil }) { return "" }
        return counts.map { $0.map { grouped($0) } ?? "–" }.joined(separator: " → ")
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
