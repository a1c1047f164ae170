import Batching
import Caching
package import Calendars
import EventStore
import LedgerModel
import Pricing
import Resilience
import Routing
import Synchronization

/// What a batcher would have saved over history: jobs of batch APIs, calls that equal requests would
/// have shared, and embeddings that would have gone together.
package struct BatchingHistoryReplay: PolicyReplay {
    package static let name = "batching"
    private let file: BatchingPolicyFile

    package init(policy: String, in zone: CalendarZone = .utc) throws {
        file = try BatchingPolicyFile.read(policy)
    }

    package func run(
        on history: ReplayedHistory,
        progress: @escaping @Sendable (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
    ) async throws -> BatchingReplayReport {
        try history.check()
        let fold = Mutex(BatchingReplayFold(file, history))
        let end = try await BatchingReplayFold.requests(of: file)
            .read(history, progress: progress) { row, cost in
                try fold.withLock { try $0.take(row, cost: cost) }
            }
        return fold.withLock { $0.report(at: end) }
    }
}

/// A request as far as a batcher needs to know it.
private struct PastCall: Sendable {
    let time: Timestamp
    /// How long it took; nil if nobody said.
    let latency: Int64?
    let group: Int
    let key: CacheKey?
    /// The route: tenant, provider, model.
    let route: Int
    let isEmbedding: Bool
    let tokens: Int64
    let cost: PicodollarSum?
    /// The rule that lets it wait, and what it would have cost each way.
    let job: (rule: Int, standard: Picodollars, batch: Picodollars)?
}

struct BatchingReplayFold: Sendable {
    private let file: BatchingPolicyFile
    private let history: ReplayedHistory
    private var groups: PastGroups
    private var rater: Rater
    private var order = TimeOrder<PastCall>()
    private var labels = LabelTexts()
    private var routes: [Route: Int] = [:]
    private var routeList: [Route] = []
    private var sums: [BatchingReplayReport.Sums] = []
    private var running = RunningCalls()
    private var merging: [Int: MergedCall] = [:]
    private var jobs: [JobPlace: JobGathering] = [:]
    private var lines: [JobPlace: BatchingReplayReport.Job] = [:]

    private struct Route: Hashable {
        let team: Name?
        let provider: Name?
        let model: Name
    }

    private struct JobPlace: Hashable {
        let rule: Int
        let provider: Name?
        /// Nil where a job may have several models.
        let model: Name?
    }

    /// Teams with their models; the next ones share a route of none, whose requests merge with
    /// nobody's.
    static let routesMax = 65_536
    /// What a request takes in the file of a job, beside its tokens.
    static let lineBytes: Int64 = 400
    static let bytesPerToken: Int64 = 4

    static func requests(of file: BatchingPolicyFile) -> PastRequests {
        var fields: [Field] = [.requestHash, .team, .operation, .latency]
        fields += EventColumns.pricing
        for rule in file.jobs { fields += rule.selector.asked.map(\.field) }
        if file.jobs.contains(where: { !$0.selector.labels.isEmpty }) { fields.append(.labels) }
        return PastRequests(fields: fields, kinds: [.requestCompleted])
    }

    init(_ file: BatchingPolicyFile, _ history: ReplayedHistory) {
        self.file = file
        self.history = history
        groups = PastGroups(history)
        rater = Rater(history.prices)
    }

    // MARK: Rows

    mutating func take(_ row: EventRow, cost: PicodollarSum?) throws {
        let group = try groups.number(of: row)
        while sums.count <= group { sums.append(.init()) }
        sums[group].requests += 1
        if let cost { sums[group].spent += cost } else { sums[group].unpriced += 1 }
        let route = Route(
            team: name(row, .team), provider: name(row, .provider),
            model: name(row, .model) ?? Name(""))
        let usage = row.usage
        let operation = row.text(.operation)
        let call = PastCall(
            time: row.occurredAt, latency: row.int64(.latency), group: group,
            key: key(row, route), route: number(of: route),
            isEmbedding: operation?.elementsEqual("embeddings".utf8) ?? false,
            tokens: usage[.inputTokens] ?? 0, cost: cost,
            job: try job(row, route, usage, group))
        if let next = order.add(call, at: call.time) { play(next) }
    }

    private func name(_ row: EventRow, _ field: Field) -> Name? {
        row.text(field).map { Name($0.string) }
    }

    /// Requests of one team with one hash.
    private func key(_ row: EventRow, _ route: Route) -> CacheKey? {
        guard let bytes = row.text(.requestHash), let digest = Digest(bytes) else { return nil }
        let team = Digest(hashing: (route.team?.string ?? "").utf8)
        return CacheKey(
            digest.words[0], digest.words[1], digest.words[2], digest.words[3] ^ team.words[0])
    }

    private mutating func number(of route: Route) -> Int {
        if let number = routes[route] { return number }
        guard routeList.count < Self.routesMax else { return -1 }
        routes[route] = routeList.count
        routeList.append(route)
        return routeList.count - 1
    }

    /// The rule that lets a request wait, if the book in force has a batch rate for it.
    private mutating func job(
        _ row: EventRow, _ route: Route, _ usage: Usage, _ group: Int
    ) throws -> (rule: Int, standard: Picodollars, batch: Picodollars)? {
        let tier = name(row, .serviceTier)
        if tier == "batch" {
            sums[group].alreadyBatch += 1
            return nil
        }
        guard let rule = file.jobs.firstIndex(where: { labels.covers($0.selector, row) }) else {
            return nil
        }
        sums[group].mayWait += 1
        let region = name(row, .region)
        func price(_ tier: Name?) throws(ReplayError) -> Picodollars? {
            do throws(RatingOverflow) {
                return try rater.rate(
                    usage, provider: route.provider, model: route.model, serviceTier: tier,
                    region: region, at: row.occurredAt
                ).rating.amount
            } catch {
                throw .overflow(request: row.eventID)
            }
        }
        guard let standard = try price(tier), let batch = try price("batch") else {
            sums[group].withoutRate += 1
            return nil
        }
        return (rule, standard, batch)
    }

    // MARK: In the order of their times

    private mutating func play(_ call: PastCall) {
        if let key = call.key, running.joins(key, from: call.time, for: call.latency) {
            sums[call.group].duplicates += 1
            if let cost = call.cost { sums[call.group].duplicateCost += cost }
            return
        }
        if let job = call.job { return gather(call, job.rule, job.standard, job.batch) }
        if call.isEmbedding, let lane = file.embeddings, lane.merges, call.route >= 0 {
            sums[call.group].embeddings += 1
            if merging[call.route]?.joins(call, lane) != true {
                merging[call.route] = MergedCall(call)
                sums[call.group].embeddingCalls += 1
            }
        }
    }

    private mutating func gather(
        _ call: PastCall, _ rule: Int, _ standard: Picodollars, _ batch: Picodollars
    ) {
        sums[call.group].inJobs += 1
        sums[call.group].standard += standard
        sums[call.group].batch += batch
        let route = call.route < 0 ? nil : routeList[call.route]
        let api: BatchAPI = route?.provider == "anthropic" ? .anthropic : .openAI
        let place = JobPlace(
            rule: rule, provider: route?.provider, model: api == .openAI ? route?.model : nil)
        lines[place, default: .init(rule: rule + 1, provider: place.provider, model: place.model)]
            .add(standard, batch)
        let bytes = Self.lineBytes + call.tokens * Self.bytesPerToken
        let window = file.jobs[rule].window.wholeMicroseconds
        let max = min(file.jobs[rule].size ?? .max, api.jobMax.requests)
        if let open = jobs[place],
            open.first.advanced(byMicroseconds: window) <= call.time
                || open.bytes + bytes > Int64(api.jobMax.bytes)
        {
            close(place, at: min(open.first.advanced(byMicroseconds: window), call.time))
        }
        var open = jobs[place] ?? JobGathering(first: call.time)
        open.count += 1
        open.bytes += bytes
        open.arrivals += Int128(call.time.microseconds - open.first.microseconds)
        jobs[place] = open
        if open.count >= max { close(place, at: call.time) }
    }

    private mutating func close(_ place: JobPlace, at time: Timestamp) {
        guard let job = jobs.removeValue(forKey: place) else { return }
        let longest = Swift.max(0, time.microseconds - job.first.microseconds)
        lines[place]?.close(
            requests: job.count, waited: Int128(job.count) * Int128(longest) - job.arrivals,
            longest: longest)
    }

    mutating func report(at position: Int64) -> BatchingReplayReport {
        while let call = order.next() { play(call) }
        for (place, job) in jobs {
            close(
                place,
                at: job.first.advanced(
                    byMicroseconds: file.jobs[place.rule].window.wholeMicroseconds))
        }
        let rows = (0..<groups.count).map {
            BatchingReplayReport.Row(values: groups.values(of: $0), sums: sums[$0])
        }
        return BatchingReplayReport(
            file: file, history: history, position: position, rows: rows,
            jobs: Array(lines.values), late: order.late)
    }
}

/// Requests that are gathered for a job.
private struct JobGathering {
    let first: Timestamp
    var count = 0
    var bytes: Int64 = 0
    /// Of all of them, after the first.
    var arrivals: Int128 = 0
}

/// Embeddings that go together: as many as come within the lane's wait and fit into a call.
private struct MergedCall {
    private let start: Timestamp
    private var requests = 1
    private var tokens: Int64

    init(_ call: PastCall) {
        start = call.time
        tokens = call.tokens
    }

    mutating func joins(_ call: PastCall, _ lane: LanePolicy) -> Bool {
        guard
            call.time <= start.advanced(byMicroseconds: lane.waitMax.wholeMicroseconds),
            requests < lane.call.requests, tokens + call.tokens <= Int64(lane.call.tokens)
        else { return false }
        requests += 1
        tokens += call.tokens
        return true
    }
}

/// Which requests are running at a time, as far as their latencies say.
private struct RunningCalls: Sendable {
    private var ends: [CacheKey: Timestamp] = [:]

    /// Above that many, those that have ended are forgotten; further ones share with nobody.
    private static let countMax = 131_072

    /// Whether an equal request runs; otherwise this one does.
    mutating func joins(_ key: CacheKey, from time: Timestamp, for latency: Int64?) -> Bool {
        if let end = ends[key], end > time { return true }
        guard let latency, latency > 0 else { return false }
        if ends.count >= Self.countMax { ends = ends.filter { $0.value > time } }
        guard ends.count < Self.countMax else { return false }
        ends[key] = time.advanced(byMicroseconds: latency)
        return false
    }
}
