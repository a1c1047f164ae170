import HTTPTypes
import LedgerModel
import LoadManagement
import NIOCore
import Routing
import Synchronization

/// A request on its way through the stages, with what it holds of shared things.
struct RequestLife: Sendable {
    var request: GatewayRequest
    var routed: RoutedRequest
    var route = RoutePolicy.standard
    var clock: StageClock
    var pass: AdmissionPass?
    var token: IdempotencyKeys.Token?
    var step = CacheStep.off
    /// What the prompt was shortened by.
    var saving: Event?

    init(_ request: GatewayRequest) {
        self.request = request
        routed = RoutedRequest(request, model: request.model)
        clock = StageClock(since: request.started)
    }

    /// Whether the whole answer is wanted in the end.
    var isRecorded: Bool { token != nil || step.wantsAnswer }

    /// How the request ended.
    func end(_ result: Failover.Result) -> RequestEnd {
        let last = result.last
        var end = RequestEnd(
            metered: last?.metered ?? MeteredAnswer(isReported: true), status: result.status,
            latency: clock.elapsed)
        end.candidate = last?.candidate
        end.errorType = last?.errorType
        end.timeToFirstToken = last?.timeToFirstToken.map { $0 + clock.beforeAnswer }
        end.stages = clock.stages
        end.attempts = result.failed.map(\.asFailed)
        end.isCallerGone = last?.interruption is CancellationError
        return end
    }
}

extension RequestEnd {
    var isSuccess: Bool { errorType == nil && (200..<300).contains(status) }
}

/// What a request came to that was made.
struct MadeRequest: Sendable {
    let id: EventID
    /// Who answered, by the name in the price book.
    let provider: Name?
    let end: RequestEnd
    let booked: BookedRequest
    /// The time that no provider took.
    let overhead: Duration
    /// The whole answer as the caller got it, if it is wanted and succeeded.
    let recorded: GatewayAnswer?

    /// For the cache.
    func fetched(for life: RequestLife) -> FetchedAnswer? {
        guard let recorded, case .whole(let body) = recorded.body else { return nil }
        return FetchedAnswer(
            Array(body.readableBytesView),
            contentType: recorded.headers[.contentType] ?? "application/json",
            status: recorded.status, isComplete: end.metered.isComplete,
            isFallback: end.candidate?.isFallback ?? false, upstreamModel: end.candidate?.model,
            cacheControl: recorded.headers[.cacheControl],
            usage: end.metered.isReported ? end.metered.usage : nil, requestID: life.request.id)
    }
}

/// What came of a call that other requests may share.
final class MadeOnce: Sendable {
    private let state = Mutex<MadeRequest?>(nil)

    var made: MadeRequest? {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }

    /// For those who get the answer without paying.
    var served: StagedCall.Served? {
        made.map { made in
            StagedCall.Served(
                usage: made.end.metered.usage, provider: made.provider,
                model: made.end.metered.model, requestID: made.id)
        }
    }
}

extension CacheStep {
    /// Whether somebody may wait for what comes of it.
    var isOpen: Bool {
        if case .miss = self { true } else { false }
    }
}

/// Which stage took how long.
struct StageClock: Sendable {
    private(set) var stages: [(name: String, time: Duration)] = []
    /// From the request's arrival to its answer's call, and what the calls took.
    private(set) var beforeAnswer = Duration.zero
    private var calling = Duration.zero
    private let start: ContinuousClock.Instant
    private var last: ContinuousClock.Instant

    init(since start: ContinuousClock.Instant) {
        self.start = start
        last = start
    }

    var elapsed: Duration { ContinuousClock.now - start }
    /// What the gateway took of the time so far.
    var overhead: Duration { elapsed - calling }

    /// A stage is done: it took the time since the one before.
    mutating func mark(_ stage: String) {
        let now = ContinuousClock.now
        stages.append((stage, now - last))
        last = now
    }

    /// A stage is done of whose time the last part is known.
    mutating func mark(_ stage: String, _ time: Duration) {
        stages.append((stage, time))
        last = .now
    }

    /// The calls are done: up to the head of the answer, to its first output, and to its end.
    mutating func mark(_ result: Failover.Result) {
        let now = ContinuousClock.now
        let all = now - last
        let answer = result.last?.latency ?? .zero
        let head = min(result.last?.head?.after ?? answer, answer)
        let output = max(result.last?.timeToFirstToken ?? head, head)
        beforeAnswer = (now - start) - answer
        calling = all
        stages.append(("call", all - (answer - head)))
        stages.append(("first_token", output - head))
        stages.append(("relay", answer - output))
        last = now
    }
}
