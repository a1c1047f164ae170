import ArgumentParser
import Booking
import Configuration
import EventStore
import LedgerModel
import PriceBooks
import ReadModels
import Reconciliation

struct Reconcile: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compares the ledger with a provider's bill, day by day, model by model.",
        discussion: """
            FILE is a page of costs or usage of the provider's organisation API as JSON, or a CSV \
            export of its dashboard; give several to have amounts from one and counts from the \
            other. Without FILE the bill is fetched, with the admin key in OPENAI_ADMIN_KEY or \
            ANTHROPIC_ADMIN_KEY. Days are UTC. The exit code is 1 if a day and model differ by more \
            than the tolerance. docs/reconciliation.md explains the reasons.
            """)

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var target: LedgerOptions
    @Option(help: "Who sent the bill: openai or anthropic.") var provider: BilledProvider
    @Option(help: "First day, such as 2026-11-01.") var since: String?
    @Option(help: "The day after the last one (default, when fetching: today).")
    var until: String?
    @Option(help: "How much a day and model may differ: dollars such as 0.01, or 0.5%.")
    var tolerance: Tolerance = .standard
    @Flag(help: "Book the differences, so that the ledger agrees with the bill.") var adjust = false
    @Option(help: "Fetch from here in place of the provider's own address.") var baseURL: String?
    @Option(help: "Write a report to this file.") var html: String?
    @Flag(help: "Print the result as JSON.") var json = false
    @Argument(help: "The bill: JSON or CSV files, or - for standard input.") var files: [String] =
        []

    func execute() async throws {
        let days = try days()
        let bill = try await bill(days).limited(since: days.since, until: days.until)
        if adjust, !bill.hasAmounts {
            throw InputRefused(
                "the bill has no amounts, so there is nothing to book: give its costs")
        }
        let now = Timestamp.now
        let result = try await Deployment.with(try await database.settings()) { deployment in
            let openLedger = try await deployment.ledger(target.ledger)
            let reconciler = Reconciler(
                ledger: openLedger.store, pool: deployment.pool,
                schedule: openLedger.prices.schedule)
            let comparison = try await compare(bill, with: reconciler)
            var result = Reconciled(comparison: comparison, tolerance: tolerance, now: now)
            if !json { print(result.table, terminator: "") }
            guard adjust else { return result }
            let events = try comparison.adjustments(of: openLedger.store.id, at: now)
            if !json { print(Reconciled.table(of: events), terminator: "") }
            let receipt = try await reconciler.book(events, at: now)
            result.booked = zip(events, receipt.outcomes).map { ($0, $1) }
            try await ProjectionRunner(pool: deployment.pool).catchUp()
            return result
        }
        if let html {
            try CheckpointFile.write(result.html, to: html)
            if !json { print("report written to \(html)") }
        }
        for warning in result.warnings { printError(warning) }
        if json { print(result.json) } else { print(result.verdict) }
        if let refusal = result.refusal { throw InputRefused(refusal) }
        if !result.agrees { throw TallyExit.checkFailed }
    }

    private func compare(
        _ bill: Bill, with reconciler: Reconciler
    ) async throws -> BillComparison {
        do {
            return try await reconciler.compare(bill)
        } catch let empty as EmptyBill {
            throw InputRefused(empty.description)
        }
    }

    private func bill(_ days: (since: Timestamp?, until: Timestamp?)) async throws -> Bill {
        do {
            if !files.isEmpty {
                return try BillReader.read(files.map { try BillDocument(path: $0) }, of: provider)
            }
            return try BillReader.read(try await fetched(days), of: provider)
        } catch let fault as BillFault {
            throw InputRefused(fault.description)
        } catch let failure as FetchFailure {
            printError(failure.description)
            throw TallyExit.providerUnreachable
        }
    }

    private func fetched(
        _ days: (since: Timestamp?, until: Timestamp?)
    ) async throws -> [BillDocument] {
        guard let since = days.since else {
            throw ValidationError(
                "without a FILE the bill is fetched: say from which day on, with --since")
        }
        let until = days.until ?? Timestamp.now.startOfDay
        guard since < until else {
            throw ValidationError("--since \(since.dayDescription) is not before --until")
        }
        let reader = ConfigReader(provider: EnvironmentVariablesProvider())
        let name = "\(provider.rawValue).admin.key"
        guard let key = reader.string(forKey: ConfigKey(name), isSecret: true), !key.isEmpty else {
            throw ValidationError(
                "without a FILE the bill is fetched: set \(provider.keyVariable) to an admin key "
                    + "of your organisation")
        }
        return try await BillFetcher(
            of: provider, baseURL: baseURL, key: key, now: { .now },
            pause: { try await Task.sleep(for: $0) }
        ).fetch(since..<until)
    }

    private func days() throws -> (since: Timestamp?, until: Timestamp?) {
        func day(_ text: String?, _ option: String) throws -> Timestamp? {
            try text.map { text in
                guard let time = Timestamp(rfc3339: text, zoneIsOptional: true),
                    time == time.startOfDay
                else {
                    throw ValidationError("\(option) \(text): bills have days, such as 2026-11-01")
                }
                return time
            }
        }
        return (try day(since, "--since"), try day(until, "--until"))
    }
}

extension TallyExit {
    /// Somebody else's service is away, as the database may be.
    static let providerUnreachable = databaseUnreachable
}

extension BilledProvider: ExpressibleByArgument {}

extension Tolerance: ExpressibleByArgument {
    public init?(argument: String) {
        self.init(argument)
    }
}
