import Calendars
import LedgerModel
import Postgres
import ReadModels

/// One look at a ledger under some rules: what each of them finds.
struct LedgerLook: Sendable {
    let ledger: LedgerID
    let pool: Pool
    let now: Timestamp
    let sources: AlertSources
    /// Whose days and months limits are of.
    let zone: CalendarZone

    /// What a rule found.
    ///
    /// Alerts of it that are not among these are over, if it could see all.
    struct Found: Sendable {
        var observations: [Observation] = []
        var isWhole = true
    }

    /// Subjects of one rule in one look; of more, the biggest are told.
    static let subjectsMax = 20

    func look(
        _ rules: [AlertRule], _ history: inout ReadingHistory
    ) async throws -> [Name: Found] {
        var readings: [(rule: AlertRule, levels: BudgetLevels, reading: BudgetReading)] = []
        var found: [Name: Found] = [:]
        for rule in rules {
            switch rule.condition {
            case .unpriced(let countMin, let percentMin, let days):
                found[rule.name] = try await unpriced(rule, countMin, percentMin, days)
            case .failures(let percentMin, let requestsMin):
                found[rule.name] = try await failures(rule, percentMin, requestsMin)
            case .silence(let seconds): found[rule.name] = try await silence(rule, seconds)
            case .health: found[rule.name] = health(rule)
            case .cachedShare(let limits):
                found[rule.name] = try await cachedShare(rule, limits)
            case .regression(let limits):
                found[rule.name] = try await regressions(rule, limits)
            case .objectives(let name): found[rule.name] = try await burns(rule, name)
            case .budgets(let levels):
                for reading in try await sources.budgetReadings(ledger) {
                    readings.append((rule, levels, reading))
                }
                found[rule.name] = Found()
            case .spend(let limit, let levels):
                readings.append((rule, levels, try await spend(rule, limit)))
                found[rule.name] = Found()
            }
        }
        history.note(
            readings.map { (key: BudgetRules($0.rule, $0.levels).key(of: $0.reading), $0.reading) },
            at: now)
        for (rule, levels, reading) in readings {
            let rules = BudgetRules(rule, levels)
            var expected: Int128?
            if levels.forecasts {
                expected = try await sources.forecaster?.spentAtEnd(of: reading, in: ledger)
            }
            var observations = rules.observations(
                of: reading, in: history, expected: expected, contributors: [], at: now)
            if observations.contains(where: { $0.verdict == .breached }) {
                let contributors = try await contributors(to: reading)
                observations = rules.observations(
                    of: reading, in: history, expected: expected, contributors: contributors,
                    at: now)
            }
            found[rule.name]?.observations += observations
        }
        return found
    }

    // MARK: Requests

    private func unpriced(
        _ rule: AlertRule, _ countMin: Int64, _ percentMin: Int64, _ days: Int64
    ) async throws -> Found {
        let from = now.startOfDay.advanced(byMicroseconds: (1 - days) * Timestamp.dayMicroseconds)
        let query = try SpendQuery(
            ledger: ledger, by: [.provider, .model, .app], from: from, to: endOfDay)
        let models = try await grouped(query) { $0.unpricedRequests }
        return Found(
            observations: models.map { model in
                let isBreached =
                    model.count >= countMin
                    && Int128(model.count) * 100 >= Int128(model.requests) * Int128(percentMin)
                return Observation(
                    AlertName(rule: rule.name, subject: model.name),
                    isBreached ? .breached : .unsettled,
                    "\(model.name): \(model.count) of \(model.requests) requests have no price, so "
                        + "their cost is unknown",
                    since: from, contributors: model.parts.map { "\($0.name): \($0.count)" },
                    look: "tally unpriced", route: rule.route)
            }, isWhole: models.count < Self.subjectsMax)
    }

    private func failures(
        _ rule: AlertRule, _ percentMin: Int64, _ requestsMin: Int64
    ) async throws -> Found {
        let from = now.advanced(byMicroseconds: -Timestamp.hourMicroseconds)
        let query = try SpendQuery(
            ledger: ledger, by: [.provider, .model, .app], from: from, to: now)
        let models = try await grouped(query) { $0.failedRequests }
        return Found(
            observations: models.map { model in
                let failed = Int128(model.count) * 100
                let isBreached =
                    model.requests >= requestsMin
                    && failed >= Int128(model.requests) * Int128(percentMin)
                // A share just below the bound is no recovery.
                let isNear = failed * 10 >= Int128(model.requests) * Int128(percentMin) * 8
                return Observation(
                    AlertName(rule: rule.name, subject: model.name),
                    isBreached ? .breached : isNear ? .unsettled : .clear,
                    "\(model.name): \(model.count) of \(model.requests) requests failed",
                    since: query.from,
                    contributors: model.parts.map { "\($0.name): \($0.count)" },
                    look: "tally errors --since today", route: rule.route)
            }, isWhole: models.count < Self.subjectsMax)
    }

    private struct Model {
        let name: Name
        let requests: Int64
        let count: Int64
        /// The apps with the most of them.
        let parts: [(name: String, count: Int64)]
    }

    /// The models of which requests count, those with the most first.
    private func grouped(
        _ query: SpendQuery, _ count: (SpendRow) -> Int64
    ) async throws -> [Model] {
        let rows = try await query.run(on: pool).rows
        let byModel = Dictionary(grouping: rows) { row in
            Name(
                [Dimension.provider, .model].compactMap { row.group[$0]?.string }
                    .joined(separator: "/"))
        }
        let models = byModel.map { name, rows in
            Model(
                name: name, requests: rows.reduce(0) { $0 + $1.requests },
                count: rows.reduce(0) { $0 + count($1) },
                parts: rows.map { ($0.group[.app]?.string ?? "no app", count($0)) }
                    .filter { $0.1 > 0 }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
                    .prefix(Observation.contributorsMax).map { (name: $0.0, count: $0.1) })
        }
        return models.filter { $0.count > 0 }.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
            .prefix(Self.subjectsMax).map(\.self)
    }

    private var endOfDay: Timestamp {
        now.startOfDay.advanced(byMicroseconds: Timestamp.dayMicroseconds)
    }

    // MARK: The ledger

    /// The last request is in the first block whose count of requests is that of the ledger.
    private func silence(_ rule: AlertRule, _ seconds: Int64) async throws -> Found {
        let last = try await pool.session { [ledger] in
            try $0.first(FindLastRequest(ledger: ledger))
        }
        guard let last else { return Found(isWhole: false) }
        let silent = (now.microseconds - last.microseconds) / 1_000_000
        return Found(observations: [
            Observation(
                AlertName(rule: rule.name), silent >= seconds ? .breached : .clear,
                "no request was recorded for \(silent / 60) minutes, since \(last)", since: last,
                look: "tally tail; tally rejections", route: rule.route)
        ])
    }

    private func health(_ rule: AlertRule) -> Found {
        let (findings, isWhole) = sources.health.findings(of: ledger)
        return Found(
            observations: findings.prefix(Self.subjectsMax).map { finding in
                Observation(
                    AlertName(rule: rule.name, subject: finding.subject), .breached,
                    finding.sentence, look: "tally status; tally verify", route: rule.route)
            }, isWhole: isWhole && findings.count <= Self.subjectsMax)
    }

    // MARK: Budgets

    private func spend(_ rule: AlertRule, _ limit: SpendLimit) async throws -> BudgetReading {
        let window = limit.window(at: now, in: zone)
        let query = try SpendQuery(
            ledger: ledger, from: window.from, to: window.to, filters: limit.filters)
        let spent = try await query.run(on: pool).rows.first?.cost ?? .zero
        return BudgetReading(
            name: rule.name, unit: .money, limit: limit.limit.amount, spent: spent.amount,
            window: window.from..<window.to, filters: limit.filters)
    }

    /// The apps and models that spent the most of it, where spend is kept by what it counts.
    private func contributors(to reading: BudgetReading) async throws -> [String] {
        guard case .money = reading.unit, let window = reading.window,
            let query = try? SpendQuery(
                ledger: ledger, by: [.app, .model], from: window.lowerBound,
                to: min(window.upperBound, endOfDay), filters: reading.filters,
                page: AnswerPage(limit: Observation.contributorsMax))
        else { return [] }
        return try await query.run(on: pool).rows.map { row in
            let name = [Dimension.app, .model].compactMap { row.group[$0]?.string }
                .joined(separator: " ")
            return "\(name): \(row.cost.map { "\($0) USD" } ?? "unpriced")"
        }
    }
}

/// When the last request of a ledger was recorded; nothing if there was none lately.
struct FindLastRequest: Statement {
    static let sql = """
        SELECT recorded_at FROM (
            SELECT recorded_at, requests, first_position, max(requests) OVER () AS newest
            FROM (
                SELECT recorded_at, requests, first_position FROM tally.blocks
                WHERE ledger_id = $1 ORDER BY first_position DESC LIMIT 10000
            ) AS latest
        ) AS blocks
        WHERE requests = newest AND requests > 0 ORDER BY first_position LIMIT 1
        """
    static let columns = Columns(Timestamp.self)
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
    typealias Row = Timestamp

    static func row(_ cell: Timestamp) throws(PostgresError) -> Timestamp { cell }
}
