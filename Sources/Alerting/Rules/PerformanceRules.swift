import JSON
import LedgerModel
import Performance
import ReadModels

extension LedgerLook {
    /// Series that are worse than they usually are; one that is on its way back is neither.
    func regressions(_ rule: AlertRule, _ limits: RegressionLimits) async throws -> Found {
        let found = try await PerformanceLook(in: ledger, at: now, on: pool).regressions(limits)
        let from = now.advanced(byMicroseconds: -BaselineTimes.hours * Timestamp.hourMicroseconds)
        return Found(
            observations: found.regressions.prefix(Self.subjectsMax).map { regression in
                Observation(
                    AlertName(
                        rule: rule.name,
                        subject: Name("\(regression.series.name)/\(regression.measure.rawValue)")),
                    regression.isBreached ? .breached : .unsettled, regression.sentence,
                    since: from, contributors: regression.evidence,
                    look: "tally performance regressions", route: rule.route)
            }, isWhole: found.regressions.count <= Self.subjectsMax)
    }

    /// Objectives whose budget for misses is used up too fast.
    ///
    /// - Parameter name: of the only objective that is looked at; nil for all.
    func burns(_ rule: AlertRule, _ name: Name?) async throws -> Found {
        let objectives = sources.objectives.filter { name == nil || $0.name == name }
        let (_, standings) = try await PerformanceLook(in: ledger, at: now, on: pool)
            .standings(of: objectives)
        let observations = standings.flatMap { standing in
            standing.burns.compactMap { observation(standing, $0, rule) }
        }
        return Found(
            observations: Array(observations.prefix(Self.subjectsMax)),
            isWhole: observations.count <= Self.subjectsMax)
    }

    private func observation(
        _ standing: PerformanceLook.Standing, _ burn: ObjectiveSlices.Burn, _ rule: AlertRule
    ) -> Observation? {
        guard let long = burn.longRate else { return nil }
        let isNear = long >= burn.window.factor / 2
        let left = standing.budgetLeft.map { "\(tenths($0 * 100)) %" } ?? "an unknown part"
        return Observation(
            AlertName(
                rule: Name("\(rule.name)/\(tenths(burn.window.factor))"),
                subject: standing.objective.name),
            burn.isBreached ? .breached : isNear ? .unsettled : .clear,
            "\(standing.objective.name) (\(standing.objective.text)): \(burn.long.missed) of "
                + "\(burn.long.of) requests missed it in \(hours(burn.window.longSeconds)), "
                + "\(tenths(long)) times as many as it may; \(left) of the budget of "
                + "\(standing.objective.days) days is left",
            since: now.advanced(byMicroseconds: -burn.window.longSeconds * 1_000_000),
            contributors: [
                "\(hours(burn.window.longSeconds)): \(tenths(long)) times",
                "\(hours(burn.window.shortSeconds)): \(tenths(burn.shortRate ?? 0)) times",
            ], look: "tally performance slos", route: rule.route)
    }

    private func tenths(_ value: Double) -> String {
        decimal(Int128(max(-1e15, min((value * 10).rounded(), 1e15))), scale: 1)
    }

    private func hours(_ seconds: Int64) -> String {
        seconds < 3_600 ? "\(seconds / 60) minutes" : "\(seconds / 3_600) h"
    }
}
