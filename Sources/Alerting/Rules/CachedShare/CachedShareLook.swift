import JSON
import LedgerModel
import LedgerSQL
import Postgres
import Pricing
import ReadModels

extension LedgerLook {
    func cachedShare(
        _ rule: AlertRule, _ limits: CachedShareLimits
    ) async throws -> Found {
        // Without a price nothing can be said about money; `unpriced` tells of that.
        guard let prices = try await sources.prices(ledger) else { return Found() }
        let rates = RatesAt(prices, now)
        let watch = CachedShareWatch(limits, at: now)
        let times = watch.times.all
        let recent = try await PromptCacheHours(ledger: ledger, times: Array(times.prefix(1)))
            .run(on: pool).rows
        guard watch.isWorthComparing(recent, rates: rates.of) else { return Found() }
        let cells = try await PromptCacheHours(ledger: ledger, times: times).run(on: pool).rows
        let findings = watch.findings(cells, rates: rates.of)
        var found = Found(isWhole: findings.count <= Self.subjectsMax)
        for finding in findings.prefix(Self.subjectsMax) {
            found.observations.append(try await observation(finding, rule))
        }
        return found
    }

    private func observation(
        _ finding: CachedShareWatch.Finding, _ rule: AlertRule
    ) async throws -> Observation {
        let since = now.advanced(
            byMicroseconds: -CachedShareWatch.Times.hours * Timestamp.hourMicroseconds)
        var reason = finding.cause?.sentence ?? "events don't say why"
        var evidence = finding.evidence
        if finding.isBreached, [nil, .promptStart, .promptStartEachTime].contains(finding.cause),
            let broken = try await brokenPrefix(finding, since)
        {
            if finding.cause == nil { reason = "the start of the prompts changed" }
            evidence.insert(broken, at: 0)
        }
        return Observation(
            AlertName(rule: rule.name, subject: finding.name),
            finding.isBreached ? .breached : .unsettled,
            "\(finding.text) reads \(percent(finding.share)) of its input from the provider's "
                + "cache, usually \(percent(finding.usual)): \(reason); "
                + "\(cents(finding.loss)) USD in 3 h",
            since: since, contributors: evidence,
            look: "tally prompt-cache --by app,model,day; --by session", route: rule.route)
    }

    /// What optimizers say of prompts now, if they didn't say it a day ago.
    private func brokenPrefix(
        _ finding: CachedShareWatch.Finding, _ since: Timestamp
    ) async throws -> String? {
        let query = FindPrefixBreak(
            ledger: ledger, app: finding.app, model: finding.model, since: since, until: now)
        guard let broken = try await pool.session({ try $0.first(query) }),
            broken.prompts >= 20, broken.before * 4 < broken.prompts
        else { return nil }
        return "\(broken.prompts) prompts break off at token \(broken.token) by "
            + "\"\(broken.cause)\", a day before \(broken.before)"
    }

    private func percent(_ share: Double) -> String {
        "\(decimal(Int128((share * 1_000).rounded()), scale: 1)) %"
    }

    private func cents(_ sum: PicodollarSum) -> String {
        decimal(dividedHalfEven(sum.amount, by: 10_000_000_000), scale: 2)
    }
}

/// The rates of models at a time.
private final class RatesAt {
    private var rater: Rater
    private let time: Timestamp

    init(_ prices: PriceSchedule, _ time: Timestamp) {
        rater = Rater(prices)
        self.time = time
    }

    func of(_ dimensions: Dimensions, _ input: Int64) -> CacheRates? {
        guard
            case .success(let rates)? = try? rater.cacheRates(
                of: dimensions, input: input, at: time)
        else { return nil }
        return rates
    }
}

/// The most frequent reason why prompts of an app break off early, with how often it was given in
/// the same hours of the day before; `docs/events.md` has the keys of `detail`.
struct FindPrefixBreak: Statement {
    static let sql = """
        SELECT cause, (mode() WITHIN GROUP (ORDER BY token) FILTER (WHERE is_now)),
            count(*) FILTER (WHERE is_now), count(*) FILTER (WHERE NOT is_now)
        FROM (
            SELECT detail::jsonb ->> 'prefix_break' AS cause, occurred_at >= $4 AS is_now,
                CASE WHEN detail::jsonb ->> 'prefix_tokens' ~ '^[0-9]{1,12}$'
                    THEN (detail::jsonb ->> 'prefix_tokens')::bigint END AS token
            FROM tally.events
            WHERE ledger_id = $1 AND kind = 40 AND detail LIKE '%"prefix_break"%'
                AND app IS NOT DISTINCT FROM $2 AND ($3::text IS NULL OR model = $3)
                AND (occurred_at >= $4 AND occurred_at < $5
                    OR occurred_at >= $4 - interval '1 day' AND occurred_at < $5 - interval '1 day')
        ) AS prompts
        WHERE cause IS NOT NULL AND cause <> 'question' AND token IS NOT NULL
        GROUP BY cause HAVING count(*) FILTER (WHERE is_now) > 0
        ORDER BY 3 DESC, cause LIMIT 1
        """
    static let columns = Columns(String.self, Int64.self, Int64.self, Int64.self)
    let ledger: LedgerID
    let app: Name?
    let model: Name?
    let since: Timestamp
    let until: Timestamp
    var parameters: Parameters {
        Parameters(ledger, app?.string, model?.string, since, until)
    }
    typealias Row = (cause: String, token: Int64, prompts: Int64, before: Int64)

    static func row(_ cells: (String, Int64, Int64, Int64)) throws(PostgresError) -> Row { cells }
}
