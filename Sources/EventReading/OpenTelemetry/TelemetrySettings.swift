import LedgerModel

/// An operator's choices about how telemetry becomes events.
package struct TelemetrySettings: Hashable, Sendable {
    /// An attribute and the field of an event that it feeds.
    struct Feed: Hashable, Sendable {
        let target: ImportMapping.Target
        let attribute: String
    }

    /// In order of precedence where several feed the same field.
    let feeds: [Feed]
    /// Instrumentations whose records are ignored because another one reports the same calls.
    let ignoredScopes: Set<String>
    /// How instrumentations count, if an operator says so.
    let readings: [String: CountReading]
    /// Whether log records inside a span are booked, because the spans are not sent here.
    let booksLogsOfSpans: Bool

    /// The usual words with which a resource describes its application.
    private static let usualFeeds = [
        Feed(target: .field(.dimension(.app)), attribute: "service.name"),
        Feed(target: .field(.dimension(.team)), attribute: "team.name"),
        Feed(target: .field(.dimension(.environment)), attribute: "deployment.environment.name"),
        Feed(target: .field(.dimension(.environment)), attribute: "deployment.environment"),
        Feed(target: .field(.dimension(.environment)), attribute: "langfuse.environment"),
        Feed(target: .field(.dimension(.feature)), attribute: "langfuse.trace.name"),
        Feed(target: .field(.dimension(.agent)), attribute: "gen_ai.agent.id"),
        Feed(target: .field(.dimension(.agent)), attribute: "gen_ai.agent.name"),
    ]

    package static let standard = TelemetrySettings(
        feeds: usualFeeds, ignoredScopes: [], readings: [:], booksLogsOfSpans: false)

    private init(
        feeds: [Feed], ignoredScopes: Set<String>, readings: [String: CountReading],
        booksLogsOfSpans: Bool
    ) {
        self.feeds = feeds
        self.ignoredScopes = ignoredScopes
        self.readings = readings
        self.booksLogsOfSpans = booksLogsOfSpans
    }

    /// Reads the settings; nil is the default.
    ///
    /// - Parameters:
    ///   - map: `FIELD=ATTRIBUTE,…`, such as `team=team.name,labels.tenant=tenant.id`. A field that
    ///     is named here takes nothing from the usual attributes.
    ///   - ignore: names of instrumentation scopes, separated by commas.
    ///   - exclusive: names of scopes that count cached tokens beside the input;
    ///     `SCOPE:reasoning` counts reasoning beside the output, `SCOPE:all` both.
    ///   - inclusive: names of scopes that count every part inside.
    ///   - logs: `alone` (log records outside of spans) or `all`.
    package init(
        map: String?, ignore: String?, exclusive: String?, inclusive: String? = nil, logs: String?
    ) throws(ImportFault) {
        var own: [Feed] = []
        for pair in Self.list(map) { own.append(try Self.feed(pair)) }
        let named = Set(own.map(\.target))
        let rest = Self.usualFeeds.filter { !named.contains($0.target) }
        let booksLogsOfSpans: Bool
        switch logs ?? "alone" {
        case "alone": booksLogsOfSpans = false
        case "all": booksLogsOfSpans = true
        case let other:
            throw .mapping("TALLY_OTLP_LOGS is \(other): expected alone or all")
        }
        self.init(
            feeds: own + rest, ignoredScopes: Set(Self.list(ignore)),
            readings: try Self.readings(exclusive: exclusive, inclusive: inclusive),
            booksLogsOfSpans: booksLogsOfSpans)
    }

    private static func readings(
        exclusive: String?, inclusive: String?
    ) throws(ImportFault) -> [String: CountReading] {
        var readings: [String: CountReading] = [:]
        for word in list(inclusive) { readings[word] = [] }
        for word in list(exclusive) {
            var (scope, reading) = (word, CountReading.cached)
            for (ending, named) in exclusiveEndings where word.hasSuffix(ending) {
                (scope, reading) = (String(word.dropLast(ending.count)), named)
            }
            if readings[scope] == [] {
                throw .mapping(
                    "\(scope) stands in TALLY_OTLP_EXCLUSIVE and in TALLY_OTLP_INCLUSIVE: name it "
                        + "in one of them")
            }
            readings[scope, default: []].formUnion(reading)
        }
        return readings
    }

    private static let exclusiveEndings: [(String, CountReading)] = [
        (":cached", .cached), (":reasoning", .reasoning), (":all", [.cached, .reasoning]),
    ]

    private static func list(_ text: String?) -> [String] {
        (text ?? "").split(separator: ",").map { part in
            String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }.filter { !$0.isEmpty }
    }

    private static func feed(_ pair: String) throws(ImportFault) -> Feed {
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty else {
            throw .mapping("TALLY_OTLP_MAP: \(pair) is not FIELD=ATTRIBUTE")
        }
        let target = ImportMapping.target(named: String(parts[0]))
        switch target {
        case .label(let name) where !name.isEmpty: break
        case .field(.dimension(let dimension)) where dimension != .apiKey: break
        default:
            throw .mapping(
                "TALLY_OTLP_MAP: \(parts[0]) cannot be read from an attribute; these can: "
                    + Dimension.allCases.filter { $0 != .apiKey }.map(\.name)
                    .joined(separator: ", ") + " and labels.NAME")
        }
        return Feed(target: target ?? .label(""), attribute: String(parts[1]))
    }
}
