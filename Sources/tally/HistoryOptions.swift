import ArgumentParser
import EventStore
import LedgerModel

/// Options that select the part of the history for a command.
struct HistoryOptions: ParsableArguments {
    @Option(
        help: "Only events that occurred at or after this time, such as 2026-01-01.",
        transform: Timestamp.argument)
    var since: Timestamp?
    @Option(help: "Only events that occurred before this time.", transform: Timestamp.argument)
    var until: Timestamp?
    @Option(
        help: ArgumentHelp(
            "Only events with this dimension; may be repeated.", valueName: "dimension=value"))
    var only: [String] = []

    /// Reports wrong usage before anything is opened.
    func validate() throws { _ = try filter() }

    func filter() throws -> HistoryFilter {
        var filter = HistoryFilter()
        filter.since = since
        filter.until = until
        for term in only {
            let parts = term.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[1].isEmpty, let dimension = Dimension(name: parts[0])
            else { throw ValidationError("--only \(term): write a dimension as app=search") }
            guard filter.scope.updateValue(Name(String(parts[1])), forKey: dimension) == nil else {
                throw ValidationError("--only \(parts[0]) is given twice: give each dimension once")
            }
        }
        return filter
    }
}
