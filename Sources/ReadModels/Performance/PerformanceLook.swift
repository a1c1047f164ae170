package import LedgerModel
package import Performance
package import Postgres

/// What the last hours say: series that are worse than they were, and how objectives stand.
package struct PerformanceLook: Sendable {
    private let ledger: LedgerID
    private let now: Timestamp
    private let pool: Pool

    /// Applications with a series in an hour or two, over all spans that are compared.
    package static let cellsMax = 100_000

    package init(in ledger: LedgerID, at now: Timestamp, on pool: Pool) {
        self.ledger = ledger
        self.now = now
        self.pool = pool
    }

    package struct Found: Sendable {
        package let position: Int64
        package let regressions: [Regression]
    }

    /// Series whose last two hours are worse than their baselines, the most certain first; those
    /// that are on their way back are among them, marked.
    package func regressions(
        _ limits: RegressionLimits = RegressionLimits()
    ) async throws -> Found {
        let detector = RegressionDetector(limits, at: now)
        let by: [PerformanceQuery.Part] = [.app, .provider, .model, .route]
        func query(_ spans: ArraySlice<BaselineTimes.Span>) -> PerformanceQuery {
            PerformanceQuery(
                ledger: ledger, by: by, spans: spans.map { .init(from: $0.from, to: $0.to) },
                page: AnswerPage.everything(upTo: Self.cellsMax))
        }
        let spans = detector.times.spans
        let current = try await query(spans.prefix(1)).run(on: pool)
        let busy = current.rows.reduce(0) { $0 + $1.sums.requests }
        // Nothing to compare: the baseline would be read for nothing.
        guard busy >= limits.requestsMin else {
            return Found(position: current.position, regressions: [])
        }
        let earlier = try await query(spans.dropFirst()).run(on: pool)
        let numbers = Dictionary(
            spans.enumerated().map { ($0.element.from, $0.offset) }, uniquingKeysWith: { a, _ in a }
        )
        let cells = (current.rows + earlier.rows).compactMap { row in
            numbers[row.start].map { number in
                RegressionDetector.Cell(
                    series: SeriesName(
                        route: row.group[.route], provider: row.group[.provider],
                        model: row.group[.model]),
                    app: row.group[.app], span: number, sums: row.sums)
            }
        }
        return Found(
            position: min(current.position, earlier.position),
            regressions: detector.regressions(cells))
    }

    package struct Standing: Sendable {
        package let objective: ServiceObjective
        /// Of its whole period.
        package let counts: ObjectiveCounts
        package let burns: [ObjectiveSlices.Burn]

        /// The part of the budget for misses that is left; below zero if it is overdrawn, nil without
        /// requests.
        package var budgetLeft: Double? {
            counts.burn(of: objective).map { 1 - $0 }
        }

        package var share: Double? {
            counts.of == 0 ? nil : 1 - Double(counts.missed) / Double(counts.of)
        }
    }

    package func standings(
        of objectives: [ServiceObjective]
    ) async throws -> (position: Int64, standings: [Standing]) {
        var standings: [Standing] = []
        var position = Int64.max
        for objective in objectives {
            let longest = BurnWindow.standard.map(\.longSeconds).max() ?? 0
            let to = now.advanced(byMicroseconds: 1)
            func span(_ seconds: Int64) -> PerformanceQuery.Span {
                .init(from: now.advanced(byMicroseconds: -seconds * 1_000_000), to: to)
            }
            let whole = try await PerformanceQuery(
                ledger: ledger, spans: [span(objective.days * 86_400)],
                filters: objective.filters, page: .everything(upTo: 1)
            ).run(on: pool)
            let hours = try await PerformanceQuery(
                ledger: ledger, spans: [span(longest)], interval: .hour,
                filters: objective.filters, hasSlots: true, page: .everything(upTo: Self.cellsMax)
            ).run(on: pool)
            var slices = ObjectiveSlices(of: objective)
            for row in hours.rows { slices.add(row.sums, hour: row.start) }
            var counts = ObjectiveCounts()
            for row in whole.rows { counts += objective.counts(row.sums) }
            standings.append(
                Standing(objective: objective, counts: counts, burns: slices.burns(at: now)))
            position = min(position, whole.position, hours.position)
        }
        return (objectives.isEmpty ? 0 : position, standings)
    }
}

extension ServiceObjective {
    fileprivate var filters: [PerformanceQuery.Part: Name] {
        var filters: [PerformanceQuery.Part: Name] = [:]
        filters[.app] = app
        filters[.provider] = provider
        filters[.model] = model
        filters[.operation] = operation
        filters[.route] = route
        return filters
    }
}
