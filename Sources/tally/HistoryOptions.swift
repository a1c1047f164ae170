import ArgumentParser
import Calendars
import EventStore
import LedgerModel

/// Options that select the part of the history for a command.
struct HistoryOptions: ParsableArguments {
    @OptionGroup var range: TimeRangeOptions
    @Option(
        help: ArgumentHelp(
            "Only events with this dimension; may be repeated.", valueName: "dimension=value"))
    var only: [String] = []

    /// Reports wrong usage before anything is opened.
    func validate() throws { try scope(of: HistoryFilter()) }

    /// - Parameter zone: of which days, months and times without an offset are.
    func filter(in zone: CalendarZone) throws -> HistoryFilter {
        var filter = HistoryFilter()
        (filter.since, filter.until) = try range.bounds(in: zone)
        return try scope(of: filter)
    }

    @discardableResult
    private func scope(of filter: HistoryFilter) throws -> HistoryFilter {
        var filter = filter
        for term in only {
            let parts = term.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[1].isEmpty else {
                throw ValidationError("--only \(term): write a dimension as app=search")
            }
            let dimension = try Dimension.argument(parts[0], "--only")
            guard filter.scope.updateValue(Name(String(parts[1])), forKey: dimension) == nil else {
                throw ValidationError("--only \(parts[0]) is given twice: give each dimension once")
            }
        }
        return filter
    }
}

extension Dimension {
    /// Reads the value of an option that names a dimension.
    static func argument(_ word: some StringProtocol, _ option: String) throws -> Dimension {
        guard let dimension = Dimension(name: word) else {
            throw ValidationError(
                "\(option) \(word): there is no such dimension"
                    + Likeness.question(
                        String(word), among: Dimension.allCases.map(\.name), part: 2)
                    + "; there are \(Dimension.allCases.map(\.name).joined(separator: ", "))")
        }
        return dimension
    }
}
