import LedgerModel
import LoadManagement
import Providers
import Resilience
import Routing

/// Calls candidates one after another, until one gives output or nobody is left.
///
/// Once the caller has seen output, no other call is made: a second answer behind half of the first
/// would be worse than an error.
struct Failover: Sendable {
    let load: LoadManager
    let routed: RoutedRequest
    let route: RoutePolicy
    /// Makes a call to a candidate; nil if its provider is gone.
    let attempt: @Sendable (_ number: Int, RouteCandidate) -> Attempt?
    let wait: @Sendable (_ retry: Int, CallFailure) async throws -> Void
    /// Whether another call may be made while one goes on.
    let mayHedge: @Sendable () -> Bool

    /// What came of all calls.
    struct Result: Sendable {
        /// The one that the caller gets to see; nil if nobody could be asked.
        var last: AttemptEnd?
        var failed: [AttemptEnd] = []
    }

    /// - Parameter first: the candidate that money is held for.
    func run(from first: RouteCandidate, into sink: AnswerSink) async -> Result {
        var result = Result()
        var (tried, next) = ([RouteCandidate](), Optional(first))
        while let candidate = next {
            let ends = await call(candidate, tried, into: sink)
            let end = ends.last
            result.failed += ends.dropLast()
            tried += ends.map(\.candidate)
            if let end { result.take(end) }
            guard let failure = end?.failure, end?.wasSeen == false, mayGoOn(failure, tried)
            else { break }
            next = load.choose(routed, route, tried: tried)?.candidate
            // Somebody else may be asked at once.
            guard next == nil || !tried.contains(where: { $0 == next }) else {
                do { try await wait(tried.count, failure) } catch { break }
                continue
            }
        }
        return result
    }

    private func mayGoOn(_ failure: CallFailure, _ tried: [RouteCandidate]) -> Bool {
        failure.errorClass != .refused && tried.count < route.attemptsMax && !Task.isCancelled
            && load.mayRetry()
    }

    // MARK: One candidate, or two

    /// Calls a candidate and, if the route hedges and it says nothing for a time, another one.
    ///
    /// - Returns: the ends of all calls, the one that counts last.
    private func call(
        _ candidate: RouteCandidate, _ tried: [RouteCandidate], into sink: AnswerSink
    ) async -> [AttemptEnd] {
        let number = tried.count + 1
        guard let hedge = route.hedge, tried.isEmpty, number < route.attemptsMax else {
            return await one(number, candidate, into: sink).map { [$0] } ?? []
        }
        return await withTaskGroup(of: AttemptEnd?.self) { calls in
            calls.addTask { await one(number, candidate, into: sink) }
            calls.addTask {
                guard (try? await Task.sleep(for: hedge.after)) != nil, !sink.isTaken(from: 0),
                    mayHedge(),
                    let other = load.choose(
                        routed, route, tried: [candidate], mayRepeat: false)?.candidate
                else { return nil }
                return await one(number + 1, other, into: sink)
            }
            var ends: [AttemptEnd] = []
            for await end in calls {
                guard let end else { continue }
                ends.append(end)
                let isOver = end.hasAnswered || end.wasSeen || end.failure?.errorClass == .refused
                // One that failed before its time needs no hedge: it is called again.
                if isOver || ends.count == sink.callsBegun { calls.cancelAll() }
            }
            return ends.sorted { a, _ in !(a.hasAnswered || a.wasSeen) }
        }
    }

    private func one(
        _ number: Int, _ candidate: RouteCandidate, into sink: AnswerSink
    ) async -> AttemptEnd? {
        guard let attempt = attempt(number, candidate) else { return nil }
        sink.beginCall()
        load.began(candidate, for: routed)
        let end = await attempt.run(into: sink)
        load.ended(candidate, for: routed, end.outcome)
        return end
    }
}

extension Failover.Result {
    /// A later failure without an answer says less than an earlier one with it.
    fileprivate mutating func take(_ end: AttemptEnd) {
        guard let before = last else {
            last = end
            return
        }
        if end.failure != nil, end.head == nil, before.head != nil {
            failed.append(end)
        } else {
            failed.append(before)
            last = end
        }
    }
}

extension AttemptEnd {
    /// What the load manager learns of it.
    var outcome: CallOutcome {
        var outcome = CallOutcome(failure: failure?.errorClass, status: head?.status)
        outcome.retryAfter = failure?.retryAfter
        outcome.timeToFirstToken = timeToFirstToken
        outcome.latency = interruption == nil ? latency : nil
        outcome.inputTokens = metered.usage[.inputTokens] ?? 0
        outcome.cachedTokens = metered.usage[.cacheReadInputTokens] ?? 0
        outcome.outputTokens = metered.usage[.outputTokens] ?? 0
        outcome.limitHeaders = head?.headers.filter { Self.isLimit($0.name) } ?? []
        return outcome
    }

    private static func isLimit(_ name: String) -> Bool {
        let name = name.lowercased()
        return name.hasPrefix("x-ratelimit-") || name.hasPrefix("anthropic-ratelimit-")
    }

    /// As the books have it.
    var asFailed: FailedAttempt {
        FailedAttempt(
            candidate, status: head?.status, errorType: errorType ?? "failed", latency: latency,
            metered: metered.usage == Usage() ? nil : metered)
    }
}
