import JSON
package import LedgerModel

/// What the readings of budgets mean: thresholds, burn rates, refusals and forecasts.
package struct BudgetRules: Sendable {
    let rule: AlertRule
    let levels: BudgetLevels

    package init(_ rule: AlertRule, _ levels: BudgetLevels) {
        self.rule = rule
        self.levels = levels
    }

    /// The key of a reading in the history.
    package func key(of reading: BudgetReading) -> Name { Name("\(rule.name)/\(reading.name)") }

    /// - Parameter expected: what it is expected to have spent at the end of its window.
    package func observations(
        of reading: BudgetReading, in history: ReadingHistory, expected: Int128?,
        contributors: [String], at now: Timestamp
    ) -> [Observation] {
        // Amounts beyond these are no limits that anybody means, and their products overflow.
        guard reading.limit > 0, max(reading.limit, reading.spent) < 1 << 90 else { return [] }
        var observations = thresholds(reading)
        observations += levels.burns.compactMap { burn($0, reading, history, at: now) }
        if levels.refusals { observations.append(refusals(reading)) }
        if levels.forecasts, let expected { observations.append(forecast(reading, expected)) }
        return observations.map { observation in
            var observation = observation
            observation.contributors = contributors
            return observation
        }
    }

    /// The alert of refused requests, which whoever refuses raises before the first refusal.
    package func refusals(_ reading: BudgetReading) -> Observation {
        observation(
            reading, "refusals", reading.refusals > 0 ? .breached : .clear,
            "\(reading.name) refused \(reading.refusals) request"
                + "\(reading.refusals == 1 ? "" : "s"): \(used(reading))")
    }

    /// Of several levels that are reached at once only the highest is told; the lower ones stay as
    /// they are, and each is resolved when it is left.
    private func thresholds(_ reading: BudgetReading) -> [Observation] {
        let reached = levels.percents.filter { reading.spent * 100 >= reading.limit * Int128($0) }
        return levels.percents.map { percent in
            let verdict: AlertState.Verdict =
                percent == reached.last
                ? .breached : reached.contains(percent) ? .unsettled : .clear
            return observation(
                reading, "\(percent) %", verdict, "\(reading.name): \(used(reading))")
        }
    }

    private func burn(
        _ burn: BurnRate, _ reading: BudgetReading, _ history: ReadingHistory, at now: Timestamp
    ) -> Observation? {
        guard let window = reading.window else { return nil }
        let period =
            (window.upperBound.microseconds - window.lowerBound.microseconds) / 1_000_000
        guard period > 0 else { return nil }
        // spent / seconds against factor × limit / period, without dividing.
        func isFaster(_ spent: Int128, _ seconds: Int64) -> Bool {
            spent * Int128(period) * 10
                >= reading.limit * Int128(seconds) * Int128(burn.factorTenths)
        }
        let long = history.spent(by: key(of: reading), inLast: burn.longSeconds, at: now)
        let short = history.spent(by: key(of: reading), inLast: burn.shortSeconds, at: now)
        let isBreached = isFaster(long, burn.longSeconds) && isFaster(short, burn.shortSeconds)
        return observation(
            reading, burn.name, isBreached ? .breached : .clear,
            "\(reading.name) is used up \(decimal(Int128(burn.factorTenths), scale: 1)) times as "
                + "fast as it lasts, or faster: \(reading.shown(long)) in "
                + "\(burn.longSeconds / 3_600) h, \(reading.shown(short)) in "
                + "\(burn.shortSeconds / 60) min; \(used(reading))")
    }

    private func forecast(_ reading: BudgetReading, _ expected: Int128) -> Observation {
        observation(
            reading, "forecast", expected > reading.limit ? .breached : .clear,
            "\(reading.name) is expected to reach \(reading.shown(expected)) of "
                + "\(reading.shown(reading.limit)) at the end of its window; \(used(reading))")
    }

    private func used(_ reading: BudgetReading) -> String {
        let percent = reading.limit > 0 ? reading.spent * 100 / reading.limit : 0
        let held = reading.held > 0 ? ", \(reading.shown(reading.held)) held" : ""
        return
            "\(reading.shown(reading.spent)) of \(reading.shown(reading.limit)) (\(percent) %)\(held)"
    }

    private func observation(
        _ reading: BudgetReading, _ level: String, _ verdict: AlertState.Verdict,
        _ summary: String
    ) -> Observation {
        let by = reading.filters.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { " --only '\($0.key.name)=\($0.value)'" }.joined()
        return Observation(
            AlertName(
                rule: Name("\(rule.name)/\(level)"), subject: reading.name,
                window: reading.windowName),
            verdict, summary, since: reading.window?.lowerBound,
            look: "tally spend --by app,model\(by)", route: rule.route)
    }
}
