import ArgumentParser
import Booking
import EventStore
import LedgerModel
import ReadModels
import Rendering

struct SpendCommand: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "spend",
        abstract: "Reports spend by dimension and time.",
        discussion: """
            The default is the last 30 days. The same figures as GET /api/v1/spend: share is a \
            group's part of its interval, trend its change against the interval before. Days and \
            months are those of the ledger's reporting zone (tally ledgers set-zone).
            """)

    @OptionGroup var place: LedgerOptions
    @OptionGroup var range: TimeRangeOptions
    @Option(help: "Comma-separated dimensions: app, team, provider, model, ….")
    var by = "app"
    @Option(help: "hour, day, month or none.") var interval = SpendQuery.Interval.none
    @Option(
        help: ArgumentHelp(
            "Only spend with this dimension; may be repeated.", valueName: "dimension=value"))
    var only: [String] = []
    @OptionGroup var page: PageOptions
    @OptionGroup var output: CSVOptions

    func execute() async throws {
        let dimensions = try by.split(separator: ",").map { try Dimension.argument($0, "--by") }
        var filters: [Dimension: Name] = [:]
        for term in only {
            let parts = term.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else {
                throw ValidationError("--only \(term): write a dimension as app=search")
            }
            filters[try Dimension.argument(parts[0], "--only")] = Name(String(parts[1]))
        }
        output.show(
            try await place.open(to: .read) { deployment, ledger in
                let zone = try await deployment.zone(of: ledger)
                let (from, to) = try range.period(days: 30, in: zone)
                try await deployment.catchUp()
                let query = try SpendQuery(
                    ledger: ledger.store.id, by: dimensions, from: from, to: to,
                    interval: interval, in: zone, filters: filters, page: page.page())
                return Answered(
                    try await query.run(on: deployment.pool), from: query.from, to: query.to,
                    in: zone
                ) { SpendGroup($0, of: query) }
            })
    }
}

extension SpendQuery.Interval: ExpressibleByArgument {}
