import BatchRunner
import Batching
import Caching
import HTTPTypes
package import LedgerModel
import Resilience
import Routing
import Synchronization

/// Calls that requests wait for or share, on this instance: lanes, classes and tenants of the
/// batcher in the words of the gateway.
///
/// The batcher makes no call again and trusts every upstream: failover, retries and breakers are
/// those of the calls themselves.
final class SharedFlights: Sendable {
    let batcher: LiveBatcher
    private let lanes: [String: Int]
    private let merging: Set<Int>
    /// Of requests that share calls, but wait for nothing.
    private let flightLane: Int
    private let classes: [String: Int]
    private let standardClass: Int
    private let start = ContinuousClock.now
    private let tenants = Mutex(TenantNumbers())
    /// Requests that others may share now, and how many there are of each.
    private let sharable = Mutex<[SharingMark: Int]>([:])

    /// As many calls as may be open at once.
    private static let flightsMax = 65_536

    init(_ file: BatchingPolicyFile) throws(PolicyRefused) {
        var policy = file.policy
        policy.attemptsMax = 1
        var upstream = UpstreamPolicy()
        upstream.breaker.failuresMin = .max
        policy.upstreams = policy.upstreams.map { own in
            var own = own
            own.breaker.failuresMin = .max
            return own
        }
        policy.upstreams.append(upstream)
        flightLane = policy.lanes.count
        policy.lanes.append(
            .single(callsMax: Self.flightsMax, upstream: policy.upstreams.count - 1))
        lanes = Dictionary(
            zip(file.laneNames, policy.lanes.indices), uniquingKeysWith: { first, _ in first })
        merging = Set(policy.lanes.indices.filter { policy.lanes[$0].merges })
        classes = Dictionary(
            policy.classes.indices.map { (policy.classes[$0].name, $0) },
            uniquingKeysWith: { first, _ in first })
        standardClass = classes["standard"] ?? 0
        let start = start
        batcher = try LiveBatcher(policy, seed: .random(in: .min ... .max)) {
            Moment(microseconds: (ContinuousClock.now - start).wholeMicroseconds)
        }
    }

    // MARK: What a request is to the batcher

    /// How a request goes; nil if it is simply called.
    func plan(
        _ request: GatewayRequest, _ route: RoutePolicy, tokens: Int64, merges: Bool
    ) throws -> FlightPlan? {
        guard route.coalesces || route.schedules || route.mergesEmbeddings else { return nil }
        let sharing = route.coalesces ? Self.sharing(request) : nil
        let lane: Int
        if route.mergesEmbeddings, merges, request.api == .embeddings,
            let found = self.lane(route, "embeddings"), merging.contains(found)
        {
            lane = found
        } else if route.schedules, let found = self.lane(route, "chat"), !merging.contains(found) {
            lane = found
        } else if sharing != nil {
            lane = flightLane
        } else {
            return nil
        }
        var submission = Submission(
            lane: lane, tenant: Tenant(0), tokens: max(1, Int(clamping: tokens)),
            bytes: request.body.count, sharing: sharing)
        submission.priority = priority(of: request)
        submission.deadline = try deadline(of: request)
        return FlightPlan(submission: submission, isMerged: merging.contains(lane))
    }

    /// A lane with the route's name is its own.
    private func lane(_ route: RoutePolicy, _ standard: String) -> Int? {
        lanes[route.name.string] ?? lanes[standard]
    }

    private func priority(of request: GatewayRequest) -> Int {
        request.headers[.askedPriority].flatMap { classes[$0] } ?? standardClass
    }

    /// `x-tally-deadline-ms` counts from when the request came.
    private func deadline(of request: GatewayRequest) throws -> Moment? {
        guard let text = request.headers[.askedDeadline] else { return nil }
        guard let milliseconds = Int64(text), (0...FlightPlan.deadlineMax).contains(milliseconds)
        else { throw BadDeadline(text: text) }
        let came = (request.started - start).wholeMicroseconds
        return Moment(microseconds: came + milliseconds * 1_000)
    }

    /// Of a request that may share a call: what is sent, and what the caller says of it.
    static func sharing(_ request: GatewayRequest) -> Sharing? {
        guard let dialect = request.api.dialect, let json = request.json else { return nil }
        var material: [UInt8] = []
        material.reserveCapacity(request.body.count + 256)
        func add(_ text: String) {
            material += text.utf8
            material.append(0)
        }
        add(request.api.path)
        add(request.query)
        let headers = request.headers.filter { field in
            let name = field.name.canonicalName
            return name.hasPrefix("anthropic-") || name.hasPrefix("openai-")
                || name == "x-tally-provider"
        }
        for line in headers.map({ "\($0.name.canonicalName): \($0.value)" }).sorted() { add(line) }
        material += request.body
        let key = request.headers[.askedKey]
        return Sharing(
            request: Self.digest(material),
            isDeterministic: CanonicalRequest.isRepeatable(json, dialect),
            idempotencyKey: key.map { Self.digest(Array($0.utf8)) },
            isClientRetry: request.headers[.askedRetry].flatMap { Int($0) }.map { $0 > 0 } ?? false)
    }

    private static func digest(_ bytes: [UInt8]) -> Batching.Digest {
        let words = LedgerModel.Digest(hashing: bytes).words
        return Batching.Digest(words[0], words[1], words[2], words[3])
    }

    // MARK: Going

    /// Submits a request; its tenant is its ledger's team.
    func submit(
        _ request: GatewayRequest, _ plan: FlightPlan, target: LiveTarget
    ) async throws -> Flight {
        let owner = TenantNumbers.Owner(ledger: request.ledger, team: request.dimensions[.team])
        var submission = plan.submission
        submission.tenant = tenants.withLock { $0.enter(owner) }
        let mark = submission.sharing.map { SharingMark(owner: owner, digest: $0.request) }
        do {
            let ticket = try await batcher.submit(
                request.body, as: submission, isStreamed: !plan.isMerged, target: target)
            if let mark { sharable.withLock { $0[mark, default: 0] += 1 } }
            return Flight(ticket, batcher) { [self] in
                tenants.withLock { $0.leave(owner) }
                if let mark { forget(mark) }
            }
        } catch {
            tenants.withLock { $0.leave(owner) }
            throw error
        }
    }

    private func forget(_ mark: SharingMark) {
        sharable.withLock { marks in
            guard let count = marks[mark] else { return }
            marks[mark] = count > 1 ? count - 1 : nil
        }
    }

    /// Whether an equal request is under way whose answer this one would share.
    func isInFlight(_ request: GatewayRequest) -> Bool {
        guard sharable.withLock({ !$0.isEmpty }), let sharing = Self.sharing(request),
            sharing.isDeterministic || sharing.isClientRetry
        else { return false }
        let owner = TenantNumbers.Owner(ledger: request.ledger, team: request.dimensions[.team])
        return sharable.withLock { $0[SharingMark(owner: owner, digest: sharing.request)] != nil }
    }
}

private struct SharingMark: Hashable {
    let owner: TenantNumbers.Owner
    let digest: Batching.Digest
}

/// How a request goes through the batcher.
struct FlightPlan {
    var submission: Submission
    /// Whether its lane makes one call of several requests.
    let isMerged: Bool

    /// Milliseconds; longer ones are for `x-tally-async`.
    static let deadlineMax: Int64 = 3_600_000
}

/// `x-tally-deadline-ms` is no time.
package struct BadDeadline: Fault {
    let text: String

    package let kind = FaultKind.invalid
    package let param: String? = "x-tally-deadline-ms"
    package var description: String {
        "x-tally-deadline-ms is \(text.prefix(40)): give the milliseconds that an answer may take, "
            + "up to \(FlightPlan.deadlineMax)"
    }
}

/// A submitted request; whoever drops it leaves its call to those who share it.
final class Flight: Sendable {
    private let ticket: Ticket
    private let batcher: LiveBatcher
    private let ended: @Sendable () -> Void

    init(_ ticket: Ticket, _ batcher: LiveBatcher, ended: @escaping @Sendable () -> Void) {
        self.ticket = ticket
        self.batcher = batcher
        self.ended = ended
    }

    /// The next frames; nil at the end.
    func next() async throws -> [FlightFrame]? {
        try await batcher.next(of: ticket).map { FlightFrame.read($0) }
    }

    /// All frames of a merged call.
    func all() async throws -> [FlightFrame] {
        FlightFrame.read(try await batcher.answer(to: ticket))
    }

    deinit {
        ended()
        let (batcher, ticket) = (batcher, ticket)
        Task { await batcher.leave(ticket) }
    }
}

/// Numbers of those who share calls and a fair part of each queue: the teams of ledgers.
///
/// A number is kept after its last request, since the batcher remembers who had more than a fair
/// part; the oldest of those go first.
struct TenantNumbers {
    struct Owner: Hashable {
        let ledger: LedgerID
        let team: Name?
    }

    private struct Entry {
        let tenant: Tenant
        var open = 0
    }

    static let keptMax = 16_384

    private var entries: [Owner: Entry] = [:]
    private var next = 0

    mutating func enter(_ owner: Owner) -> Tenant {
        if entries[owner] == nil {
            if entries.count >= Self.keptMax { entries = entries.filter { $0.value.open > 0 } }
            next += 1
            entries[owner] = Entry(tenant: Tenant(next))
        }
        entries[owner]?.open += 1
        return entries[owner]?.tenant ?? Tenant(next)
    }

    mutating func leave(_ owner: Owner) {
        entries[owner]?.open -= 1
    }
}

extension HTTPField.Name {
    static let askedPriority = tally("x-tally-priority")
    static let askedDeadline = tally("x-tally-deadline-ms")
    static let askedKey = tally("idempotency-key")
    static let askedRetry = tally("x-stainless-retry-count")
}
