/// A family of metrics, as `/metrics` and docs/metrics.md describe it.
///
/// The values of labels are few: our own words, names that an administrator gave, and statuses. What
/// a caller writes is never one.
package struct MetricFamily: Sendable {
    package enum Kind: String, Sendable { case counter, gauge, histogram }

    package let name: String
    package let kind: Kind
    package let labels: [String]
    package let help: String

    init(_ name: String, _ kind: Kind, labels: [String] = [], _ help: String) {
        self.name = name
        self.kind = kind
        self.labels = labels
        self.help = help
    }
}

extension MetricFamily {
    static let httpRequests = MetricFamily(
        "tally_http_requests_total", .counter, labels: ["route", "method", "status"],
        "Answers over HTTP, by the path pattern of the call; unmatched for a path that is none.")
    static let httpDuration = MetricFamily(
        "tally_http_request_duration_seconds", .histogram, labels: ["route", "method"],
        "Time until an answer over HTTP begins.")
    static let events = MetricFamily(
        "tally_events_total", .counter, labels: ["ledger", "source", "result"],
        "Events that this process was sent over HTTP, by what became of them.")
    static let requests = MetricFamily(
        "tally_requests_total", .counter, labels: ["ledger", "provider"],
        "Requests to models that this process appended, as they were sent to it over HTTP.")
    static let unpriced = MetricFamily(
        "tally_unpriced_requests_total", .counter, labels: ["ledger", "provider"],
        "Of these requests, those without a price when they were appended.")
    static let spend = MetricFamily(
        "tally_spend_usd_total", .counter, labels: ["ledger", "provider"],
        "What these requests cost when they were appended, in US dollars.")
    static let reasons = MetricFamily(
        "tally_intake_reasons_total", .counter, labels: ["source", "outcome"],
        "Records that did not become events, or events without usage; tally rejections lists why.")
    static let telemetry = MetricFamily(
        "tally_otlp_records_total", .counter, labels: ["signal", "outcome"],
        "OpenTelemetry records received, by what became of them.")
    static let waitingRows = MetricFamily(
        "tally_append_waiting_rows", .gauge, labels: ["ledger"],
        "Rows that wait for the writer of a ledger.")
    static let poolIdle = MetricFamily(
        "tally_pool_idle", .gauge, "Database connections that nobody uses.")
    static let poolLeased = MetricFamily(
        "tally_pool_leased", .gauge, "Database connections in use.")
    static let poolWaiters = MetricFamily(
        "tally_pool_waiters", .gauge, "Callers that wait for a database connection.")
    static let memoryHeld = MetricFamily(
        "tally_memory_held_bytes", .gauge, "Bytes that the requests in progress hold.")
    static let memoryLimit = MetricFamily(
        "tally_memory_limit_bytes", .gauge, "Bytes that they may hold, all together.")
    static let queueRunning = MetricFamily(
        "tally_queue_running", .gauge, labels: ["queue"],
        "Long computations and SQL queries that run.")
    static let queueWaiting = MetricFamily(
        "tally_queue_waiting", .gauge, labels: ["queue"],
        "Those that wait for a thread; SQL queries never do.")
    static let queueLimit = MetricFamily(
        "tally_queue_limit", .gauge, labels: ["queue"],
        "Those that may run and wait, all together.")
    static let refused = MetricFamily(
        "tally_refused_total", .counter, labels: ["limit"],
        "Requests refused for the moment, since they would go beyond a limit of the service.")

    static let gatewayRequests = MetricFamily(
        "tally_gateway_requests_total", .counter, labels: ["route", "provider", "status"],
        "Requests to models that passed the gateway; provider is none for those it answered alone.")
    static let gatewayDuration = MetricFamily(
        "tally_gateway_duration_seconds", .histogram, labels: ["route", "provider"],
        "Time from such a request to the end of its answer.")
    static let gatewayFirstToken = MetricFamily(
        "tally_gateway_first_token_seconds", .histogram, labels: ["route", "provider"],
        "Time from such a request to the first output of its answer.")
    static let gatewayOverhead = MetricFamily(
        "tally_gateway_overhead_seconds", .histogram, labels: ["route"],
        "Time that the gateway itself took for a request: all but waiting for the provider.")
    static let gatewayInFlight = MetricFamily(
        "tally_gateway_in_flight", .gauge, labels: ["provider", "key"],
        "Calls to providers that are under way.")
    static let gatewayAttempts = MetricFamily(
        "tally_gateway_attempts_total", .counter, labels: ["provider", "outcome"],
        "Calls to providers, by what became of them; more than requests where some were repeated.")
    static let gatewayTokens = MetricFamily(
        "tally_gateway_tokens_total", .counter, labels: ["route", "provider", "kind"],
        "Tokens of these requests: input (cached ones included), cached, output.")
    static let gatewaySpool = MetricFamily(
        "tally_gateway_spool_bytes", .gauge,
        "Bytes of charges that are in the spool and not yet in the ledger.")
    static let gatewaySpans = MetricFamily(
        "tally_gateway_spans_total", .counter, labels: ["outcome"],
        "Requests whose spans a collector took, or that were dropped.")
    static let gatewayPaused = MetricFamily(
        "tally_gateway_paused", .gauge, labels: ["provider", "key"],
        "1 while calls to a provider fail and it is passed over, else 0.")

    /// All families of the service, by name; some are recorded elsewhere.
    package static let all: [MetricFamily] =
        [
            httpRequests, httpDuration, events, requests, unpriced, spend, reasons, telemetry,
            waitingRows, poolIdle, poolLeased, poolWaiters, memoryHeld, memoryLimit,
            queueRunning, queueWaiting, queueLimit, refused,
            gatewayRequests, gatewayDuration, gatewayFirstToken, gatewayOverhead, gatewayInFlight,
            gatewayAttempts, gatewayTokens, gatewaySpool, gatewaySpans, gatewayPaused,
        ] + [
            MetricFamily(
                "tally_ledger_events", .gauge, labels: ["ledger"],
                "Events in a ledger: the position of its head."),
            MetricFamily(
                "tally_ledger_spend_usd", .gauge, labels: ["ledger", "provider"],
                "All that is booked in a ledger, adjustments included, in US dollars."),
            MetricFamily(
                "tally_budget_used_ratio", .gauge, labels: ["ledger", "budget"],
                "The part of a budget that is spent or held, of its fullest member and unit."),
            MetricFamily(
                "tally_budget_conserved", .gauge, labels: ["ledger"],
                "1 if every budget says what the ledger's events add up to, else 0."),
            MetricFamily(
                "tally_leases", .gauge, labels: ["ledger"],
                "Parts of budgets that this process may hand out from memory."),
            MetricFamily(
                "tally_lease_holds_total", .counter, labels: ["ledger"],
                "Holds that this process made from memory."),
            MetricFamily(
                "tally_subscription_lag_events", .gauge, labels: ["subscription", "ledger"],
                "Events that a subscription has not processed."),
            MetricFamily(
                "tally_subscription_lag_seconds", .gauge, labels: ["subscription", "ledger"],
                "Age of the oldest event that a subscription has not processed."),
            MetricFamily(
                "tally_subscription_halted", .gauge, labels: ["subscription", "ledger"],
                "1 if a subscription stopped before events that it cannot process, else 0."),
            MetricFamily(
                "tally_projection_conserved", .gauge, labels: ["projection", "ledger", "grain"],
                "1 if a read model adds up to what the ledger holds, else 0; grain is in hours."),
            MetricFamily(
                "tally_price_refreshes_total", .counter, labels: ["outcome"],
                "Attempts to fetch a price book, by ledger and attempt, if one is fetched."),
            MetricFamily(
                "tally_batch_jobs", .gauge, labels: ["provider", "state"],
                "Jobs of batches that are not done; state is running or failing; every 15 s"),
            MetricFamily(
                "tally_alerts_firing", .gauge, labels: ["ledger", "state"],
                "Alerts that are open, by whether somebody acknowledged them."),
            MetricFamily(
                "tally_alert_deliveries_total", .counter, labels: ["channel", "outcome"],
                "Attempts to tell a channel of an alert, by the kind of channel."),
            MetricFamily(
                "tally_cache_lookups_total", .counter, labels: ["outcome", "tier"],
                "Look-ups in the response cache; tier is where a hit was, else none."),
            MetricFamily(
                "tally_cache_answers_total", .counter, labels: ["outcome"],
                "Answers offered to the response cache: stored, or why not."),
            MetricFamily(
                "tally_cache_entries", .gauge, labels: ["tier"],
                "Answers in a tier of the response cache."),
            MetricFamily(
                "tally_cache_bytes", .gauge, labels: ["tier"],
                "Bytes that they take there."),
            MetricFamily(
                "tally_cache_paused", .gauge, labels: ["tier"],
                "1 while a tier that failed is passed over, else 0."),
            MetricFamily(
                "tally_cache_fills_waiting", .gauge,
                "Look-ups that wait for an answer that another caller fetches."),
            MetricFamily(
                "tally_cache_evicted_total", .counter, labels: ["tier", "reason"],
                "Answers that left a tier by themselves."),
            MetricFamily(
                "tally_cache_events_dropped_total", .counter,
                "Misses and evictions that did not become events, because too many waited."),
        ] + ofLoad

    static let byName = Dictionary(
        all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
}
