import Experiments
import LedgerModel

/// What a made-up company reports of its calls to models, the same in every run.
struct SampleCompany {
    static let days: Int64 = 60
    /// The day whose early hours are spent on retries.
    private static let anomalyDay: Int64 = 54

    /// Requests of the support chat name their user's arm of it.
    var experiment: ExperimentDefinition?
    private let end: Timestamp
    private var random = Shuffle(state: 1)

    init(endingAt end: Timestamp) {
        self.end = end
    }

    func start(of day: Int64) -> Timestamp {
        end.advanced(byMicroseconds: (day - Self.days) * Timestamp.dayMicroseconds)
    }

    /// The events of some days, in the order of their times.
    mutating func events(ofDays days: Range<Int64>) throws -> [Event] {
        var events: [Event] = []
        for day in days {
            for workload in SampleWorkload.all {
                for _ in 0..<sessions(of: workload, on: day) {
                    try addSession(of: workload, on: day, to: &events)
                }
            }
            if day == Self.anomalyDay { try addRetries(on: day, to: &events) }
        }
        return events.filter { $0.occurredAt < end }.sorted { $0.id < $1.id }
    }

    // MARK: Sessions

    /// People work less on weekends, and more with every week.
    private mutating func sessions(of workload: SampleWorkload, on day: Int64) -> Int64 {
        let dayOfWeek = (start(of: day).startOfDay.microseconds / Timestamp.dayMicroseconds + 6) % 7
        let share = dayOfWeek >= 5 ? workload.weekendPercent : 100
        let growth = 100 + workload.growthPercent * day / Self.days
        return workload.sessionsPerDay * share * growth / 10_000 * number(85...115) / 100
    }

    private mutating func addSession(
        of workload: SampleWorkload, on day: Int64, to events: inout [Event]
    ) throws {
        var session = Session(
            workload: workload,
            user: "\(workload.team)-\(min(number(1...workload.users), number(1...workload.users)))",
            time: time(of: workload, on: day))
        let name = Name("\(workload.app)-\(number(100_000...999_999))")
        for turn in 0..<number(workload.turns) {
            if workload.turns.upperBound > 1 { session.name = name }
            try addRequest(of: session, to: &events)
            session.continueAfter(
                turn, pause: number(20...90), tokens: number(workload.input))
        }
    }

    /// Around the hours in which the workload is busy.
    private mutating func time(of workload: SampleWorkload, on day: Int64) -> Timestamp {
        let spread = (number(-240...240) + number(-240...240) + number(-120...120)) / 2
        let minutes = workload.busyHour * 60 + spread + 1_440
        return start(of: day).startOfDay.advanced(
            byMicroseconds: minutes % 1_440 * 60_000_000 + number(0...59_999_999))
    }

    private struct Session {
        let workload: SampleWorkload
        let user: String
        var name: Name?
        var time: Timestamp
        /// Input tokens that the provider has seen, and those that are new to it.
        var known: Int64
        var new: Int64

        init(workload: SampleWorkload, user: String, time: Timestamp) {
            self.workload = workload
            self.user = user
            self.time = time
            known = workload.prefix
            new = workload.input.lowerBound
        }

        mutating func continueAfter(_ turn: Int64, pause: Int64, tokens: Int64) {
            time = time.advanced(byMicroseconds: pause * 1_000_000)
            known += new
            new = tokens
        }
    }

    // MARK: Requests

    private mutating func addRequest(
        of session: Session, to events: inout [Event]
    ) throws {
        let workload = session.workload
        var event = newEvent(.requestCompleted, of: session)
        if workload.hasOptimizer { try addOptimization(of: session, to: &events) }
        var output = number(workload.output)
        var labels: [(key: Name, value: Name)] = []
        if let experiment, workload.hasExperiment {
            let arm = experiment.arm(of: Name(session.user))
            labels.append((key: Name("experiment.\(experiment.name)"), value: arm))
            if arm == "short" { output = output * 62 / 100 }
            if number(1...3) == 1 { try addQuality(of: session, labels, to: &events) }
        }
        event.latency = number(300_000...900_000) + output * number(6_000...14_000)
        event.status = 200
        if number(1...1_000) <= workload.failuresPerMille {
            fail(&event, of: session)
        } else {
            event.usage = usage(of: session, output: output)
            if workload.isStreamed { event.timeToFirstToken = number(180_000...700_000) }
            if workload.hasAnswers {
                let isCut = number(1...40) == 1
                labels.append((key: "finish_reason", value: isCut ? "length" : "stop"))
                labels.append((key: "max_tokens", value: Name("\(workload.output.upperBound)")))
            }
        }
        event.labels = try Labels(labels)
        // Searches say which of them are the same, so that a cache can be tried on them.
        if workload.app == "search" {
            // Three in ten are among fifty that everybody asks.
            let number = event.id.low % 100_000
            let question = number < 30_000 ? number % 50 : number
            event.requestHash = Digest(
                hashing: "\(workload.feature) \(session.new) \(question)".utf8)
        }
        events.append(event)
    }

    private mutating func newEvent(_ kind: EventKind, of session: Session) -> Event {
        let workload = session.workload
        var event = Event(
            id: EventID(at: session.time, entropy: (random.next(), random.next())), kind: kind,
            occurredAt: session.time)
        event.dimensions = workload.dimensions
        event.dimensions[.user] = Name(session.user)
        event.dimensions[.session] = session.name
        return event
    }

    private mutating func usage(of session: Session, output: Int64) -> Usage {
        let workload = session.workload
        var usage: Usage = [.inputTokens: session.known + session.new]
        if workload.hasAnswers { usage[.outputTokens] = output }
        guard workload.isCached else { return usage }
        // The first request after a quiet time finds nothing.
        let isWarm = session.known > workload.prefix || number(1...3) > 1
        usage[.cacheReadInputTokens] = isWarm ? session.known / 128 * 128 : 0
        if workload.dimensions[.provider] == "anthropic" {
            usage[.cacheWriteInputTokens] = isWarm ? session.new : session.known + session.new
        }
        return usage
    }

    private mutating func fail(_ event: inout Event, of session: Session) {
        event.kind = .requestFailed
        (event.status, event.errorType) =
            switch number(1...10) {
            case 1...5: (429, "rate_limit_exceeded")
            case 6...8: (529, "overloaded_error")
            case 9: (400, "context_length_exceeded")
            default: (504, "timeout")
            }
        // The provider worked for nothing, and bills it.
        if event.status == 504 { event.usage = usage(of: session, output: 0) }
    }

    // MARK: What goes with requests

    private mutating func addQuality(
        of session: Session, _ labels: [(key: Name, value: Name)], to events: inout [Event]
    ) throws {
        var event = newEvent(.experimentObserved, of: session)
        event.quality = Int32(number(700...980)) * 1_000
        event.labels = try Labels(labels)
        events.append(event)
    }

    private mutating func addOptimization(of session: Session, to events: inout [Event]) throws {
        var event = newEvent(.promptOptimized, of: session)
        let after = session.known + session.new
        let minified = after * number(15...40) / 100
        event.optimization = try PromptOptimization(
            tokensBefore: after + minified + 12, tokensAfter: after,
            stages: [
                (name: "json-minify", saved: minified, isLossless: true),
                (name: "whitespace", saved: 12, isLossless: true),
            ])
        // A time of day at the start of the prompt keeps the provider from caching the rest.
        event.detail = try Labels([
            (key: "prefix_tokens", value: "38"), (key: "prefix_break", value: "time"),
            (key: "prefix_possible", value: Name("\(session.workload.prefix)")),
        ])
        events.append(event)
    }

    /// Three hours in which a job asks again at once whenever it is refused.
    private mutating func addRetries(on day: Int64, to events: inout [Event]) throws {
        guard let search = SampleWorkload.all.first(where: { $0.app == "search" }) else { return }
        let start = start(of: day).startOfDay.advanced(
            byMicroseconds: 2 * Timestamp.hourMicroseconds)
        for _ in 0..<1_200 {
            let time = start.advanced(
                byMicroseconds: number(0...3 * Timestamp.hourMicroseconds))
            var session = Session(workload: search, user: "nightly-reindex", time: time)
            session.new = 40_000
            try addRequest(of: session, to: &events)
        }
    }

    private mutating func number(_ range: ClosedRange<Int64>) -> Int64 {
        .random(in: range, using: &random)
    }

    /// SplitMix64: a sample needs to be mixed, not random.
    private struct Shuffle: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = state
            word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
            return word ^ (word >> 31)
        }
    }
}

/// What one application of the company does.
struct SampleWorkload: Sendable {
    let dimensions: Dimensions
    let sessionsPerDay: Int64
    var turns: ClosedRange<Int64> = 1...1
    /// Input tokens that every session begins with, and those that each turn adds.
    let prefix: Int64
    let input: ClosedRange<Int64>
    let output: ClosedRange<Int64>
    let busyHour: Int64
    var weekendPercent: Int64 = 25
    var growthPercent: Int64 = 40
    var failuresPerMille: Int64 = 8
    var users: Int64 = 30
    var isCached = false
    var isStreamed = false
    var hasExperiment = false
    var hasOptimizer = false

    var app: Name { dimensions[.app] ?? "" }
    var feature: Name { dimensions[.feature] ?? "" }
    var team: Name { dimensions[.team] ?? "" }
    var hasAnswers: Bool { dimensions[.operation] != "embeddings" }

    private static func names(
        _ app: Name, _ team: Name, _ feature: Name, _ provider: Name, _ model: Name,
        _ more: KeyValuePairs<Dimension, Name> = [:]
    ) -> Dimensions {
        var names: Dimensions = [
            .app: app, .team: team, .feature: feature, .provider: provider, .model: model,
            .operation: "chat", .environment: "production", .project: "shop",
        ]
        for (dimension, name) in more { names[dimension] = name }
        return names
    }

    static let all: [SampleWorkload] = [
        SampleWorkload(
            dimensions: names("support-chat", "care", "answer", "openai", "gpt-4o"),
            sessionsPerDay: 26, turns: 2...6, prefix: 1_900, input: 60...400, output: 90...620,
            busyHour: 13, weekendPercent: 70, users: 400, isCached: true, isStreamed: true,
            hasExperiment: true),
        SampleWorkload(
            dimensions: names("search", "growth", "rerank", "openai", "gpt-4o-mini"),
            sessionsPerDay: 110, prefix: 700, input: 200...2_400, output: 40...160,
            busyHour: 15, weekendPercent: 120, growthPercent: 90),
        SampleWorkload(
            dimensions: names(
                "search", "growth", "index", "openai", "text-embedding-3-small",
                [.operation: "embeddings"]),
            sessionsPerDay: 24, prefix: 0, input: 2_000...8_000, output: 1...1, busyHour: 3,
            weekendPercent: 100),
        SampleWorkload(
            dimensions: names(
                "summaries", "growth", "nightly", "google", "gemini-2.5-flash",
                [.serviceTier: "batch"]),
            sessionsPerDay: 30, prefix: 400, input: 3_000...9_000, output: 200...800,
            busyHour: 2, weekendPercent: 100),
        SampleWorkload(
            dimensions: names(
                "code-assistant", "platform", "agent", "anthropic", "claude-sonnet-4-5",
                [.project: "tools"]),
            sessionsPerDay: 7, turns: 4...14, prefix: 14_000, input: 800...5_200,
            output: 150...1_900, busyHour: 11, weekendPercent: 10, growthPercent: 120,
            isCached: true, isStreamed: true),
        SampleWorkload(
            dimensions: names(
                "code-review", "platform", "review", "anthropic", "claude-haiku-4-5",
                [.project: "tools"]),
            sessionsPerDay: 24, prefix: 2_200, input: 1_500...14_000, output: 200...1_100,
            busyHour: 16, weekendPercent: 10),
        SampleWorkload(
            dimensions: names(
                "invoices", "finance", "extract", "openai", "gpt-4.1-mini", [.region: "eu"]),
            sessionsPerDay: 22, prefix: 3_100, input: 900...3_000, output: 120...420,
            busyHour: 9, weekendPercent: 0, hasOptimizer: true),
        SampleWorkload(
            dimensions: names(
                "lab", "research", "evaluation", "in-house", "prototype-7b",
                [.environment: "staging", .project: "models"]),
            sessionsPerDay: 9, prefix: 900, input: 400...2_000, output: 300...1_400,
            busyHour: 18, weekendPercent: 40),
    ]
}
