import Access
import ArgumentParser
import Booking
import Configuration
import JSON
import LedgerModel
import Logging
import Metrics
import PriceBooks
import Pricing
import ServiceLifecycle

/// The settings from the environment and the file for fetching price books.
struct PriceSettings: Sendable {
    /// The source; it may contain a password.
    let url: String?
    let interval: String?
    let tolerance: String?
    let ledger: String?

    init(_ reader: ConfigReader) {
        url = reader.string(forKey: "tally.prices.url", isSecret: true)
        interval = reader.string(forKey: "tally.prices.interval")
        tolerance = reader.string(forKey: "tally.prices.tolerance")
        ledger = reader.string(forKey: "tally.prices.ledger")
    }
}

/// Options for fetching price books in a service; flags take precedence over the environment and
/// the file.
struct PriceRefreshOptions: ParsableArguments {
    @Option(help: "URL or file of a price book to fetch regularly; changes wait for approval.")
    var pricesURL: String?

    @Option(help: "How often: 90s, 15m, 12h or 1d (default 1h).")
    var pricesInterval: String?

    @Option(
        help: "Publish without approval if no price moves by more than this, such as 5%.")
    var pricesTolerance: String?

    @Option(
        help: ArgumentHelp(
            "Comma-separated ledgers to refresh; * for all (default `default`).",
            valueName: "names"))
    var pricesLedger: String?

    /// The plan for fetching; nil if nothing is to be fetched.
    func plan(_ settings: Settings) throws -> PriceRefreshPlan? {
        let (interval, tolerance) = (
            try Self.duration(pricesInterval ?? settings.prices.interval ?? "1h"),
            try (pricesTolerance ?? settings.prices.tolerance).map { try Self.part($0) }
        )
        guard let url = pricesURL ?? settings.prices.url, !url.isEmpty else { return nil }
        return PriceRefreshPlan(
            source: BookSource(url), interval: interval, tolerance: tolerance,
            ledgers: try Self.ledgers(pricesLedger ?? settings.prices.ledger ?? "default"))
    }

    /// Reads names separated by commas; nil means every ledger.
    static func ledgers(_ text: String) throws -> [String]? {
        if text == "*" { return nil }
        let names = text.split(separator: ",", omittingEmptySubsequences: false)
            .map { String($0.filter { $0 != " " }) }
        guard !names.contains(""), Set(names).count == names.count else {
            throw ValidationError(
                "\(text) is not a list of ledgers: write names separated by commas, or *")
        }
        return names
    }

    /// Reads a duration such as `90s`, `15m`, `12h` or `1d`.
    static func duration(_ text: String) throws -> Duration {
        let seconds: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let unit = text.last.flatMap({ seconds[$0] }), let count = Int64(text.dropLast()),
            (1...86_400).contains(count)
        else {
            throw ValidationError("\(text) is not an interval: write 90s, 15m, 12h or 1d")
        }
        return .seconds(count * unit)
    }

    /// Reads a percentage: `5%` is 0.05.
    static func part(_ text: String) throws -> Factor {
        guard text.hasSuffix("%"), let percent = scaledDecimal(text.dropLast(), scale: 4),
            (0...1_000_000).contains(percent), let factor = Factor(decimal(percent, scale: 6))
        else {
            throw ValidationError("\(text) is not a tolerance: write a percentage such as 5%")
        }
        return factor
    }
}

struct PriceRefreshPlan: Sendable {
    let source: BookSource
    let interval: Duration
    let tolerance: Factor?
    /// Nil means every ledger that exists at the time.
    let ledgers: [String]?

    func service(_ deployment: Deployment, _ logger: Logger) async throws -> any Service {
        // Checked now, so that a misspelt name is not found an hour later.
        for name in ledgers ?? [] { _ = try await deployment.ledger(name) }
        return PriceRefreshService(
            deployment: deployment, plan: self,
            refresh: PriceRefresh(from: source, tolerance: tolerance, makeID: makeEventID),
            logger: logger)
    }
}

/// Fetches the price book at an interval; no failure stops the service.
private struct PriceRefreshService: Service {
    let deployment: Deployment
    let plan: PriceRefreshPlan
    let refresh: PriceRefresh
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await once()
                try? await Task.sleep(for: plan.interval)
            }
        }
    }

    private func once() async {
        do {
            var names = plan.ledgers ?? []
            if plan.ledgers == nil { names = try await deployment.directory.list().map(\.name) }
            var proposals: [PriceProposals] = []
            for name in names { proposals.append(try await deployment.proposals(of: name)) }
            for (name, result) in zip(names, try await refresh.run(proposals, at: .now)) {
                switch result {
                case .success(let outcome):
                    count(outcome.label)
                    log(outcome, of: name)
                case .failure(let error): fail(error, of: name)
                }
            }
        } catch {
            fail(error, of: nil)
        }
    }

    private func fail(_ error: any Error, of ledger: String?) {
        if Task.isCancelled { return }
        count((error as? RefreshFailure)?.label ?? "failed")
        var metadata: Logger.Metadata = ["why": "\(error)"]
        if let ledger { metadata["ledger"] = "\(ledger)" }
        logger.warning("prices were not refreshed", metadata: metadata)
    }

    private func count(_ outcome: String) {
        Counter(label: "tally_price_refreshes_total", dimensions: [("outcome", outcome)])
            .increment()
    }

    private func log(_ outcome: PriceRefresh.Outcome, of ledger: String) {
        switch outcome {
        case .proposed(let proposal, let change, isNew: true):
            logger.info(
                "new prices wait for approval", metadata: facts(proposal, change, ledger))
        case .published(let proposal, let change):
            logger.info(
                "new prices within the tolerance were published",
                metadata: facts(proposal, change, ledger))
        case .same, .proposed, .rejected: break
        }
    }

    private func facts(
        _ proposal: PriceProposal, _ change: PriceChange, _ ledger: String
    ) -> Logger.Metadata {
        let summary = proposal.summary
        return [
            "ledger": "\(ledger)", "proposal": "\(proposal.id)", "book": "\(proposal.book)",
            "source": "\(plan.source.name)",
            "models.used": "\(change.used?.models.names.count ?? 0)",
            "prices.used.different": "\(change.used?.difference.rows.count ?? 0)",
            "prices.higher": "\(summary.higher)", "prices.lower": "\(summary.lower)",
            "models.added": "\(summary.modelsOnlyInSecond)",
            "models.removed": "\(summary.modelsOnlyInFirst)",
        ]
    }
}

extension Deployment {
    func proposals(of ledger: String) async throws -> PriceProposals {
        let openLedger = try await self.ledger(ledger)
        return PriceProposals(
            ledger: openLedger.store, prices: openLedger.prices, bookStore: bookStore, pool: pool)
    }
}
