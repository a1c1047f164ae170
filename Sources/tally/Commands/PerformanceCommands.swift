import ArgumentParser
import Booking
import EventStore
import LedgerModel
import Performance
import ReadModels
import Rendering

struct PerformanceCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "performance",
        abstract: "Reports how requests do, what is worse than it was, and objectives.",
        discussion: "docs/performance.md describes what is measured and how it is compared.",
        subcommands: [
            PerformanceReport.self, PerformanceRegressions.self, PerformanceObjectives.self,
        ],
        defaultSubcommand: PerformanceReport.self)
}

struct PerformanceReport: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Reports latency, failures and cost for what was got.",
        discussion: """
            Times of completed requests, output tokens a second, failures by class, the mean times \
            of the gateway's stages, cost of 1,000 tokens of output and of a successful request. The \
            default is today and yesterday. The same figures as GET /api/v1/performance; hours and \
            days are of UTC.
            """)

    @OptionGroup var place: LedgerOptions
    @OptionGroup var range: TimeRangeOptions
    @Option(help: "Comma-separated: app, provider, model, operation, route.")
    var by = "provider,model"
    @Option(help: "One row per hour or day; default one row.") var interval = "none"
    @OptionGroup var page: PageOptions
    @OptionGroup var output: CSVOptions

    func execute() async throws {
        let parts = try by.split(separator: ",").map { word in
            guard let part = PerformanceQuery.Part(rawValue: String(word)) else {
                throw ValidationError(
                    "--by \(word): write "
                        + PerformanceQuery.Part.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return part
        }
        guard let interval = PerformanceQuery.Interval(rawValue: interval) else {
            throw ValidationError("--interval \(interval): write hour, day or none")
        }
        let (from, to) = try range.period(days: PerformanceQuery.daysStandard)
        output.show(
            try await place.open(to: .read) { deployment, ledger in
                try await deployment.catchUp()
                let query = PerformanceQuery(
                    ledger: ledger.store.id, by: parts, from: from, to: to, interval: interval,
                    page: page.page())
                return query.answered(try await query.run(on: deployment.pool))
            })
    }
}

struct PerformanceRegressions: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "regressions",
        abstract: "Lists what is worse than it usually is, with the evidence.",
        discussion: """
            The last two hours of each route and model are compared with the same hours of earlier \
            weeks or days: distributions by a test, and how single days vary. It names the stage \
            that grew. The same as GET /api/v1/performance/regressions.
            """)

    @OptionGroup var place: LedgerOptions
    @OptionGroup var output: CSVOptions

    func execute() async throws {
        output.show(
            try await place.open(to: .read) { deployment, ledger in
                try await deployment.catchUp()
                let now = Timestamp.now
                let look = PerformanceLook(in: ledger.store.id, at: now, on: deployment.pool)
                let found = try await look.regressions()
                return Answered(
                    found.regressions, position: found.position, from: now, to: now)
            })
    }
}

struct PerformanceObjectives: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "slos",
        abstract: "Reports service level objectives, their budgets and burn rates.",
        discussion: """
            The objectives are those of the file that slo.file names, or of --file; without one, 99 % \
            availability. The same as GET /api/v1/performance/slos.
            """)

    @OptionGroup var place: LedgerOptions
    @Option(help: "The file with the objectives, in place of the setting slo.file.")
    var file: String?
    @OptionGroup var output: CSVOptions

    func execute() async throws {
        let settings = try await place.database.settings()
        let objectives = try settings.objectives(in: file)
        output.show(
            try await place.open(to: .read) { deployment, ledger in
                try await deployment.catchUp()
                let now = Timestamp.now
                let look = PerformanceLook(in: ledger.store.id, at: now, on: deployment.pool)
                let (position, standings) = try await look.standings(of: objectives)
                return Answered(standings, position: position, from: now, to: now)
            })
    }
}

extension Settings {
    /// The objectives of a file, or those of the setting; without either, the standard one.
    func objectives(in file: String? = nil) throws -> [ServiceObjective] {
        guard let path = file ?? objectivesFile else { return ServiceObjective.standard }
        let text = try readText(path, "the file of objectives")
        do {
            return try ObjectiveFile.read(text)
        } catch {
            throw InputRefused("the file of objectives \(path): \(error)")
        }
    }
}
