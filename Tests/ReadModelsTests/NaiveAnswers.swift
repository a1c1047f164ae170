import Estimating
import LedgerModel
import LedgerTesting
import Postgres
import StoreTesting

/// A random stream whose requests often carry the labels that answers and estimates are read from.
struct LabelledStream {
    private var stream: RandomStream

    init(seed: UInt64, days: Int64 = 3) {
        stream = RandomStream(seed: seed, days: days)
    }

    mutating func chance(_ probability: Double) -> Bool { stream.events.chance(probability) }

    mutating func entries(_ count: Int) -> [(event: Event, charge: Event?)] {
        stream.entries(count).map { entry in
            guard entry.event.kind.isRequest else { return entry }
            var event = entry.event
            event.labels = labels()
            if chance(0.1) { event.usage[.outputTokens] = nil }
            if chance(0.1) { event.usage[.reasoningOutputTokens] = nil }
            if event.usage[.outputTokens] == nil { event.usage[.reasoningOutputTokens] = nil }
            if chance(0.2), let input = event.usage[.inputTokens] {
                event.usage[.inputImageTokens] = input / 2
            }
            return (event, entry.charge)
        }
    }

    private mutating func labels() -> Labels? {
        var pairs: [(key: Name, value: Name)] = []
        let choices: [(Name, [Name])] = [
            ("finish_reason", ["stop", "END_TURN", "length", "refusal", "odd", "tool_calls"]),
            ("max_tokens", ["1", "1000", "4096", "many"]),
            ("tools", ["3", "0", "False", "search"]),
            ("response_format", ["text", "json_schema", "JSON"]), ("images", ["2", "no", ""]),
            ("estimated_input_tokens", ["100", "50000", "0", "x"]),
            ("estimated_with", ["o200k_base", "claude"]),
        ]
        for (key, values) in choices where chance(0.5) {
            pairs.append((key, values.randomElement(using: &stream.events.random) ?? "x"))
        }
        return pairs.isEmpty ? nil : try? Labels(pairs)
    }
}

/// How answers ended, how long they were and what was estimated, in the most obvious way.
struct NaiveAnswers {
    struct LengthKey: Hashable {
        let level: Int16
        let app: Name?
        let feature: Name?
        let model: Name?
        let shape: Int16?
    }

    /// By day and names: requests, failed, finished, cut off, refused, unpriced, cost, output.
    private(set) var usage: [String: [Int128]] = [:]
    /// By key, day, measure and bucket.
    private(set) var lengths: [LengthKey: [String: Int128]] = [:]
    /// By day and names: requests, with an estimate, cost, estimated, billed.
    private(set) var estimates: [String: [Int128]] = [:]
    private(set) var ratios: [String: [Int128]] = [:]

    init(_ events: [Event]) {
        let byID = Dictionary(uniqueKeysWithValues: events.map { ($0.id, $0) })
        for event in events where event.kind.isRequest || event.kind.isCharge {
            let previous = event.previousID.flatMap { byID[$0] }
            addUsage(event, previous)
            addEstimate(event)
            if event.kind.isRequest { addLengths(event) }
        }
    }

    private mutating func addUsage(_ event: Event, _ previous: Event?) {
        let day = event.occurredAt.dayDescription
        let names = [Dimension.app, .feature, .provider, .model].map {
            event.dimensions[$0]?.string ?? "NULL"
        }
        let outcome = event.kind == .requestCompleted ? Self.outcome(event) : nil
        let unpriced: Int128 =
            event.kind.isCharge
            ? (event.unpriced != nil ? 1 : 0)
                - (event.kind == .chargeAdjusted && previous?.unpriced != nil ? 1 : 0) : 0
        let counts: [Int128] = [
            event.kind.isRequest ? 1 : 0, event.kind == .requestFailed ? 1 : 0,
            outcome == "finished" ? 1 : 0, outcome == "cut_off" ? 1 : 0,
            outcome == "refused" ? 1 : 0, unpriced,
            event.kind.isCharge ? Int128(event.amount?.amount ?? 0) : 0,
            event.kind.isRequest ? Int128(event.usage.value(.outputTokens)) : 0,
        ]
        Self.add(counts, to: &usage[([day] + names).joined(separator: " "), default: []])
    }

    private static func outcome(_ event: Event) -> String? {
        switch event.labels?["finish_reason"]?.string.lowercased() {
        case "stop", "end_turn", "tool_calls": return "finished"
        case "length": return "cut_off"
        case "refusal": return "refused"
        default: break
        }
        guard let limit = Int64(event.labels?["max_tokens"]?.string ?? ""),
            let output = event.usage[.outputTokens]
        else { return nil }
        return output >= limit ? "cut_off" : "finished"
    }

    private mutating func addLengths(_ event: Event) {
        let day = event.occurredAt.dayDescription
        let (app, feature) = (event.dimensions[.app], event.dimensions[.feature])
        let model = event.dimensions[.model]
        if let limit = Int64(event.labels?["max_tokens"]?.string ?? "") {
            let key = LengthKey(level: 2, app: app, feature: nil, model: model, shape: nil)
            lengths[key, default: [:]][
                "\(day) 2 \(LengthHistogram.bucket(of: limit))", default: 0] += 1
        }
        guard event.kind == .requestCompleted, let output = event.usage[.outputTokens] else {
            return
        }
        func says(_ label: Name) -> Bool {
            guard let text = event.labels?[label]?.string.lowercased() else { return false }
            return !["", "0", "false", "no", "none"].contains(text)
        }
        let format = event.labels?["response_format"]?.string.lowercased()
        let shape = PromptShape(
            inputTokens: event.usage[.inputTokens], hasTools: says("tools"),
            wantsJSON: format == "json" || format == "json_schema",
            hasImages: event.usage.value(.inputImageTokens) > 0 || says("images"))
        for level in LengthHistory.Level.allCases {
            let key = LengthKey(
                level: level.rawValue, app: level.rawValue >= 2 ? app : nil,
                feature: level.rawValue >= 3 ? feature : nil,
                model: level.rawValue >= 1 ? model : nil,
                shape: level == .shape ? shape.code : nil)
            lengths[key, default: [:]][
                "\(day) 1 \(LengthHistogram.bucket(of: output))", default: 0] += 1
        }
    }

    private mutating func addEstimate(_ event: Event) {
        var names = [
            event.occurredAt.dayDescription, event.dimensions[.provider]?.string ?? "NULL",
            event.dimensions[.model]?.string ?? "NULL",
        ]
        guard event.kind.isRequest else {
            let cost = Int128(event.amount?.amount ?? 0)
            return Self.add(
                [0, 0, cost, 0, 0],
                to: &estimates[(names + ["NULL"]).joined(separator: " "), default: []])
        }
        let estimated = Int128(event.labels?["estimated_input_tokens"]?.string ?? "") ?? 0
        let billed = Int128(event.usage.value(.inputTokens))
        let isPair = estimated > 0 && billed > 0
        names.append(isPair ? event.labels?["estimated_with"]?.string ?? "" : "NULL")
        let key = names.joined(separator: " ")
        Self.add(
            isPair ? [1, 1, 0, estimated, billed] : [1, 0, 0, 0, 0],
            to: &estimates[key, default: []])
        if isPair {
            let ratio = min((billed * 2_000 + estimated) / (2 * estimated), 10_000)
            Self.add([1], to: &ratios["\(key) \(ratio)", default: []])
        }
    }

    private static func add(_ values: [Int128], to sums: inout [Int128]) {
        if sums.isEmpty { sums = values } else { sums = zip(sums, values).map { $0 + $1 } }
    }
}

extension NaiveAnswers {
    /// What the tables hold.
    init(_ bench: TestLedger) async throws {
        self.init([])
        usage = try await bench.sums(
            """
            SELECT concat_ws(' ', day, coalesce(app, 'NULL'), coalesce(feature, 'NULL'),
                    coalesce(provider, 'NULL'), coalesce(model, 'NULL')),
                requests, failed_requests, finished_requests, cut_off_requests, refused_requests,
                unpriced_requests, cost_pico, coalesce(output_tokens, 0)
            FROM tally.current_answer_usage
            """)
        estimates = try await bench.sums(
            """
            SELECT concat_ws(' ', day, provider, model, coalesce(estimated_with, 'NULL')),
                requests, estimated_requests, cost_pico, estimated_tokens, billed_tokens
            FROM tally.current_token_estimates
            """)
        ratios = try await bench.sums(
            """
            SELECT concat_ws(' ', day, provider, model, estimated_with, cell >> 48),
                cell & 281474976710655
            FROM tally.current_token_estimates, unnest(ratios) AS cell
            """)
        for row in try await bench.text(
            """
            SELECT level - 60, app, feature, model, shape,
                concat_ws(' ', day, measure, cell >> 48), cell & 281474976710655
            FROM tally.current_answer_lengths, LATERAL (
                SELECT 1 AS measure, unnest(lengths) AS cell
                UNION ALL SELECT 2, unnest(limits)
            ) AS cells
            """)
        {
            let key = LengthKey(
                level: Int16(row[0] ?? "") ?? -1, app: row[1].map { Name($0) },
                feature: row[2].map { Name($0) }, model: row[3].map { Name($0) },
                shape: row[4].flatMap { Int16($0) })
            lengths[key, default: [:]][row[5] ?? "", default: 0] += Int128(row[6] ?? "") ?? -1
        }
    }
}
