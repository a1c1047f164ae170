import ArgumentParser
import Configuration
import Ingest
import LedgerModel
import Logging
import Metrics
import PriceAdministration
import Pricing
import Server
import ServiceLifecycle

/// What the environment and the file say about fetching price books.
struct PriceSettings: Sendable {
    /// May hold a password.
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

/// Where a service fetches price books; flags win over the environment and the file.
struct PriceRefreshOptions: ParsableArguments {
    @Option(help: "URL or file of a price book to fetch regularly; changes wait for approval.")
    var pricesURL: String?

    @Option(help: "How often: 90s, 15m, 12h or 1d (default 1h).")
    var pricesInterval: String?

    @Option(
        help: "Publish without approval what moves no price by more than this, such as 5%.")
    var pricesTolerance: String?

    @Option(help: "The ledger whose prices are refreshed (default `default`).")
    var pricesLedger: String?

    /// Nil where nothing is to be fetched.
    func plan(_ settings: Settings) throws -> PriceRefreshPlan? {
        let (interval, tolerance) = (
            try Self.duration(pricesInterval ?? settings.prices.interval ?? "1h"),
            try (pricesTolerance ?? settings.prices.tolerance).map { try Self.part($0) }
        )
        guard let url = pricesURL ?? settings.prices.url, !url.isEmpty else { return nil }
        return PriceRefreshPlan(
            source: BookSource(url), interval: interval, tolerance: tolerance,
            ledger: pricesLedger ?? settings.prices.ledger ?? "default")
    }

    /// `90s`, `15m`, `12h`, `1d`.
    static func duration(_ text: String) throws -> Duration {
        let seconds: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let unit = text.last.flatMap({ seconds[$0] }), let count = Int64(text.dropLast()),
            (1...86_400).contains(count)
        else {
            throw ValidationError("\(text) is no interval: write 90s, 15m, 12h or 1d")
        }
        return .seconds(count * unit)
    }

    /// `5%` as 0.05.
    static func part(_ text: String) throws -> Factor {
        guard text.hasSuffix("%"), let percent = scaledDecimal(text.dropLast(), scale: 4),
            (0...1_000_000).contains(percent), let factor = Factor(decimal(percent, scale: 6))
        else {
            throw ValidationError("\(text) is no tolerance: write a percentage such as 5%")
        }
        return factor
    }
}

struct PriceRefreshPlan: Sendable {
    let source: BookSource
    let interval: Duration
    let tolerance: Factor?
    let ledger: String

    func service(_ deployment: Deployment, _ logger: Logger) async throws -> any Service {
        PriceRefreshService(
            refresh: try await deployment.priceRefresh(
                from: source, into: ledger, tolerance: tolerance),
            interval: interval, source: source.name, logger: logger)
    }
}

/// Fetches the price book again and again; whatever happens, the service goes on.
private struct PriceRefreshService: Service {
    let refresh: PriceRefresh
    let interval: Duration
    let source: String
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await once()
                try? await Task.sleep(for: interval)
            }
        }
    }

    private func once() async {
        do {
            let outcome = try await refresh.run(at: .now)
            count(outcome.label)
            log(outcome)
        } catch {
            if Task.isCancelled { return }
            count((error as? RefreshFailure)?.label ?? "failed")
            logger.warning("prices were not refreshed", metadata: ["why": "\(error)"])
        }
    }

    private func count(_ outcome: String) {
        Counter(label: "tally_price_refreshes_total", dimensions: [("outcome", outcome)])
            .increment()
    }

    private func log(_ outcome: PriceRefresh.Outcome) {
        switch outcome {
        case .proposed(let proposal, _, isNew: true):
            logger.info(
                "other prices wait for approval", metadata: facts(proposal))
        case .published(let proposal, _):
            logger.info(
                "other prices were published within the tolerance", metadata: facts(proposal))
        case .same, .proposed, .rejected: break
        }
    }

    private func facts(_ proposal: PriceProposal) -> Logger.Metadata {
        let summary = proposal.summary
        return [
            "proposal": "\(proposal.id)", "book": "\(proposal.book)", "source": "\(source)",
            "prices.higher": "\(summary.higher)", "prices.lower": "\(summary.lower)",
            "models.added": "\(summary.modelsOnlyInSecond)",
            "models.removed": "\(summary.modelsOnlyInFirst)",
        ]
    }
}

extension Deployment {
    func priceRefresh(
        from source: BookSource, into ledger: String, tolerance: Factor?
    ) async throws -> PriceRefresh {
        let desk = try await self.ledger(ledger)
        return PriceRefresh(
            from: source, into: desk.store, prices: desk.prices, shelf: shelf, pool: pool,
            tolerance: tolerance, makeID: makeEventID)
    }

    func proposals(of ledger: String) async throws -> ProposalDesk {
        let desk = try await self.ledger(ledger)
        return ProposalDesk(
            ledger: desk.store, prices: desk.prices, shelf: shelf, pool: pool)
    }
}
