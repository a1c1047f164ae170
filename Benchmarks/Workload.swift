package import LedgerModel
import Pricing

/// Requests as several applications would report them; the same seed gives the same requests.
///
/// Token counts and the time between requests come from a trace of a production service if one is
/// given (a CSV of TIMESTAMP, ContextTokens, GeneratedTokens); otherwise from a distribution of the
/// same shape: most prompts long, most answers short.
package struct Workload: Sendable {
    var random: SplitMix
    private let kind: WorkloadKind
    private let shapes: [Shape]
    private(set) var time: Timestamp
    private var next = 0

    struct Shape: Sendable {
        let input: Int64
        let output: Int64
        /// Microseconds since the previous request.
        let gap: Int64
    }

    /// - Parameter count: the number of requests, which are placed so that the last one comes close
    ///   to the end of the period.
    package init(_ options: Benchmarks.Options, count: Int, seed: UInt64 = 1) {
        random = SplitMix(state: seed)
        kind = options.workload
        switch kind {
        case .narrow: shapes = options.trace.flatMap { Self.trace($0) } ?? Self.invented(&random)
        case .wide:
            let gap = Self.wideDays * Timestamp.dayMicroseconds / Int64(count)
            shapes = [Shape(input: 0, output: 0, gap: gap)]
        }
        let cycle = shapes.reduce(Int64(0)) { $0 + $1.gap }
        let whole = Double(cycle) / Double(shapes.count) * Double(count)
        time = options.now.advanced(byMicroseconds: -Int64(whole) - Timestamp.hourMicroseconds)
    }

    /// The book that prices the models of the workload.
    static func priceBook() throws(PriceFileError) -> PriceBook {
        try PriceFile.read(
            """
            tally_prices: 1
            name: benchmark
            providers:
              openai:
                models:
                  gpt-4o: {input_mtok: 2.5, cache_read_mtok: 1.25, output_mtok: 10}
                  gpt-4o-mini: {input_mtok: 0.15, cache_read_mtok: 0.075, output_mtok: 0.6}
                  gpt-5: {input_mtok: 1.25, cache_read_mtok: 0.125, output_mtok: 10}
                  text-embedding-3-small: {input_mtok: 0.02}
              anthropic:
                models:
                  claude-sonnet-4-5: {input_mtok: 3, cache_read_mtok: 0.3, output_mtok: 15}
                  claude-haiku-4-5: {input_mtok: 1, cache_read_mtok: 0.1, output_mtok: 5}
              google:
                models:
                  gemini-2.5-flash: {input_mtok: 0.3, cache_read_mtok: 0.075, output_mtok: 2.5}
                  gemini-2.5-pro: {input_mtok: 1.25, cache_read_mtok: 0.31, output_mtok: 10}
              mistral:
                models:
                  mistral-large-latest: {input_mtok: 2, output_mtok: 6}
            """)
    }

    private static let models: [(provider: Name, model: Name)] = [
        ("openai", "gpt-4o"), ("openai", "gpt-4o-mini"), ("openai", "gpt-4o-mini"),
        ("anthropic", "claude-sonnet-4-5"), ("anthropic", "claude-haiku-4-5"),
        ("google", "gemini-2.5-flash"),
    ]
    private static let apps: [(app: Name, team: Name, project: Name)] = [
        ("search", "growth", "web"), ("assistant", "support", "helpdesk"),
        ("summaries", "support", "helpdesk"), ("code-review", "platform", "ci"),
        ("autocomplete", "platform", "ide"), ("translation", "content", "cms"),
        ("moderation", "trust", "community"), ("reports", "finance", "ledger"),
    ]
    private static let features: [Name] = ["rerank", "chat", "draft", "explain", "classify"]
    private static let users = (0..<5_000).map { Name("u-\($0)") }

    mutating func request() -> Event { kind == .wide ? wideRequest() : narrowRequest() }

    /// Advances to the time of the next request and returns its index.
    mutating func advance() -> Int {
        defer { next += 1 }
        time = time.advanced(byMicroseconds: shapes[next % shapes.count].gap)
        return next
    }

    private mutating func narrowRequest() -> Event {
        let shape = shapes[advance() % shapes.count]
        var event = Event(
            id: EventID(at: time, entropy: (random.next(), random.next())),
            kind: .requestCompleted, occurredAt: time)
        let (provider, model) = pick(Self.models)
        let (app, team, project) = pick(Self.apps)
        event.dimensions[.app] = app
        event.dimensions[.team] = team
        event.dimensions[.project] = project
        event.dimensions[.environment] = "production"
        event.dimensions[.feature] = pick(Self.features)
        event.dimensions[.user] = pick(Self.users)
        event.dimensions[.provider] = provider
        event.dimensions[.model] = model
        event.dimensions[.operation] = "chat"
        event.status = 200
        event.usage = [.inputTokens: shape.input, .outputTokens: shape.output]
        if random.next() % 3 == 0 { event.usage[.cacheReadInputTokens] = shape.input / 2 }
        event.latency = 200_000 + shape.output * 20_000 + Int64(random.next() % 100_000)
        return event
    }

    package mutating func requests(_ count: Int) -> [Event] {
        (0..<count).map { _ in request() }
    }

    private mutating func pick<T>(_ choices: [T]) -> T {
        choices[Int(random.next() % UInt64(choices.count))]
    }

    private static func trace(_ path: String) -> [Shape]? {
        guard let text = readFile(path) else { return nil }
        var shapes: [Shape] = []
        var last: Timestamp?
        for line in text.split(whereSeparator: { $0 == "\n" || $0 == "\r\n" }).dropFirst() {
            let cells = line.split(separator: ",")
            guard cells.count == 3, let time = Timestamp(rfc3339: cells[0], zoneIsOptional: true),
                let input = Int64(cells[1]), let output = Int64(cells[2])
            else { return nil }
            let gap = max(0, time.microseconds - (last ?? time).microseconds)
            shapes.append(Shape(input: input, output: output, gap: gap))
            last = time
        }
        return shapes.isEmpty ? nil : shapes
    }

    private static func invented(_ random: inout SplitMix) -> [Shape] {
        (0..<8_192).map { _ in
            // The product of two uniform numbers: many small ones and a long tail.
            let input = Int64(random.next() % 90) * Int64(random.next() % 90)
            let output = 1 + Int64(random.next() % 20) * Int64(random.next() % 20)
            return Shape(input: input, output: output, gap: Int64(random.next() % 800_000))
        }
    }
}

/// SplitMix64 (Steele, Lea and Flood, 2014).
struct SplitMix: Sendable {
    var state: UInt64

    /// A number from 0 up to, but not including, 1.
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
