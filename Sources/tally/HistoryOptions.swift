import ArgumentParser
import EventStore
import LedgerModel

/// Which part of the history a command looks at.
struct HistoryOptions: ParsableArguments {
    @Option(help: "Only events that occurred then or later, such as 2026-01-01.")
    var since: String?
    @Option(help: "Only events that occurred before then.") var until: String?
    @Option(
        help: ArgumentHelp(
            "Only events with this dimension; may be repeated.", valueName: "dimension=value"))
    var only: [String] = []

    /// Wrong usage before anything is opened.
    func validate() throws { _ = try filter() }

    func filter() throws -> HistoryFilter {
        var filter = HistoryFilter()
        filter.since = try time(since)
        filter.until = try time(until)
        for term in only {
            let parts = term.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[1].isEmpty, let dimension = Dimension(name: parts[0])
            else { throw ValidationError("--only \(term): write a dimension as app=search") }
            guard filter.scope.updateValue(Name(String(parts[1])), forKey: dimension) == nil else {
                throw ValidationError("--only \(parts[0]) comes twice: an event has one of each")
            }
        }
        return filter
    }

    private func time(_ text: String?) throws -> Timestamp? {
        try text.map { text in
            guard let time = Timestamp(rfc3339: text, zoneIsOptional: true) else {
                throw ValidationError("\(text) is no date: write it as 2026-01-01")
            }
            return time
        }
    }
}
