import ArgumentParser
import Booking
import Calendars
import Configuration
import EventStore
import LedgerModel
import PriceBooks
import Reconciliation
import Rendering

struct Reconcile: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compares the ledger with a provider's bill by day and model.",
        discussion: """
            FILE is a page of costs or usage from the provider's organisation API as JSON, or a \
            CSV export of its dashboard; give several to take amounts from one and counts from the \
            other. Without FILE, tally fetches the bill with the admin key in OPENAI_ADMIN_KEY or \
            ANTHROPIC_ADMIN_KEY. --since and --until are UTC days; fetching ends with \
            yesterday unless --until says otherwise. The exit code is 1 if a day and model differ by \
            more than the tolerance. docs/reconciliation.md explains the reasons.
            """)

    @OptionGroup var place: LedgerOptions
    @Option(help: "Who sent the bill: openai or anthropic.") var provider: BilledProvider
    @OptionGroup var range: TimeRangeOptions
    @Option(help: "The tolerance for a day and model: dollars such as 0.01, or 0.5%.")
    var tolerance: Tolerance = .standard
    @Flag(help: "Book the differences so that the ledger agrees with the bill.") var adjust = false
    @Option(help: "The address to fetch from, in place of the provider's own.") var baseURL: String?
    @Option(help: "Write an HTML report to this file.") var html: String?
    @OptionGroup var output: OutputOptions
    @Argument(help: "The bill: JSON or CSV files, or - for standard input.") var files: [String] =
        []

    private var since: Timestamp? { range.since?.time(in: .utc) }
    private var until: Timestamp? { range.until?.time(in: .utc) }

    func validate() throws {
        for (name, time) in [("since", since), ("until", until)] {
            guard let time, time != time.startOfDay else { continue }
            throw ValidationError(
                "--\(name) \(time): expected a day or month, such as 2026-11-01 or yesterday")
        }
    }

    func execute() async throws {
        let documents =
            files.isEmpty ? try await fetched() : try files.map { try BillDocument(path: $0) }
        let bill = try BillReader.read(documents, of: provider).limited(
            since: since, until: until)
        if adjust, !bill.hasAmounts {
            throw InputRefused(
                "the bill has no amounts, so there is nothing to book: give its costs")
        }
        let now = Timestamp.now
        let result = try await place.open(to: adjust ? .write : .read) { deployment, ledger in
            let reconciler = Reconciler(
                ledger: ledger.store, pool: deployment.pool, schedule: ledger.prices.schedule)
            let comparison = try await reconciler.compare(bill)
            var result = Reconciled(comparison: comparison, tolerance: tolerance, now: now)
            guard adjust else { return result }
            let events = try comparison.adjustments(of: ledger.store.id, at: now)
            let receipt = try await reconciler.book(events, at: now)
            result.booked = zip(events, receipt.outcomes).map { Reconciled.Booking($0, $1) }
            try await deployment.catchUp()
            return result
        }
        try output.show(result, page: html)
        if let refusal = result.refusal { throw InputRefused(refusal) }
        if !result.agrees { throw ExitCode.checkFailed }
    }

    private func fetched() async throws -> [BillDocument] {
        guard let since else {
            throw ValidationError(
                "give a FILE, or set --since to fetch the bill from that day on")
        }
        let until = until ?? Timestamp.now.startOfDay
        guard since < until else {
            throw ValidationError("--since \(since.dayDescription) is not before --until")
        }
        let reader = ConfigReader(provider: EnvironmentVariablesProvider())
        let name = "\(provider.rawValue).admin.key"
        guard let key = reader.string(forKey: ConfigKey(name), isSecret: true), !key.isEmpty else {
            throw ValidationError(
                "to fetch the bill without a FILE, set \(provider.keyVariable) to an admin key "
                    + "of your organisation")
        }
        return try await BillFetcher(
            of: provider, baseURL: baseURL, key: key, now: { .now },
            pause: { try await Task.sleep(for: $0) }
        ).fetch(since..<until)
    }
}

extension BilledProvider: ExpressibleByArgument {}

extension Tolerance: ExpressibleByArgument {
    public var defaultValueDescription: String { "0.01" }

    public init?(argument: String) {
        self.init(argument)
    }
}
