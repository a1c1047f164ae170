import CacheServing
import CacheTiers
import Caching
import HTTPTypes
package import LedgerModel
package import Routing

extension SavingStages {
    /// How long a request waits for an answer that somebody else is fetching.
    package static let fillWaitMax: Duration = .seconds(30)
    /// How long a request may take to fetch a missing answer before another one may.
    package static let fillTurn: Duration = .seconds(600)

    // MARK: Exact cache, near cache

    /// Asks the cache; a hit is booked before it is given.
    ///
    /// - Throws: `CacheFault` for what the caller says wrong, `OnlyIfCached` if nothing else than
    ///   the cache may answer and it has nothing.
    package func lookup(_ request: GatewayRequest, _ route: RoutePolicy) async throws -> CacheStep {
        guard route.isCached, let cache, let dialect = request.api.dialect,
            let json = request.json
        else { return .off }
        let question = CacheQuestion(
            body: request.body, form: dialect.form(askedBy: json), of: dialect, in: request.ledger,
            dimensions: request.dimensions,
            directives: try CacheDirectives(
                cacheControl: request.headers[.cacheControl],
                tallyCache: request.headers[.tallyCache]), route: route.name)
        // One that shares a call of this instance reads its answer while it comes.
        let waiting: Duration = isInFlight(request, route) ? .zero : Self.fillWaitMax
        let found = try await cache.lookup(
            question, turn: Self.fillTurn, waiting: waiting, at: request.arrivedAt)
        if let answer = found.answer {
            let refresh = found.turn.map { _ in
                CacheStep.CacheMiss(found: found, question: question)
            }
            return .answer(.init(found: found, answer: answer, refresh: refresh))
        }
        if found.asked.decision.onlyIfCached { throw OnlyIfCached() }
        if found.outcome == .refused { return .refused(found) }
        return .miss(.init(found: found, question: question))
    }

    /// Keeps the answer of a miss unless it must not be kept; either way its turn ends.
    ///
    /// To be called for every miss, also when its call failed. Never fails: an answer that can't be
    /// stored is given all the same.
    package func store(_ answer: FetchedAnswer, for step: CacheStep) async {
        guard let cache, case .miss(let miss) = step, !miss.isElsewhere else { return }
        var received = ReceivedAnswer(body: answer.body)
        received.contentType = answer.contentType
        received.status = answer.status
        received.isComplete = answer.isComplete
        received.isFallback = answer.isFallback
        received.upstreamModel = answer.upstreamModel
        received.cacheControl = answer.cacheControl
        received.usage = answer.usage
        received.requestID = answer.requestID
        received.fill = miss.token
        var question = miss.question
        question.dimensions[.provider] = answer.provider ?? question.dimensions[.provider]
        _ = try? await cache.store(received, to: question, at: now())
    }

    /// Fetches an answer that is past its time anew, while its caller has the old one already.
    ///
    /// - Parameter fetch: has the request called as after a miss, and ends in `store` or `abandon`.
    package func refresh(
        _ answer: CacheStep.CacheAnswer, _ fetch: @escaping @Sendable (CacheStep) async -> Void
    ) {
        guard let miss = answer.refresh else { return }
        // One more than may run is left to whoever asks next.
        guard refreshes.begin({ await fetch(.miss(miss)) }) else { return abandon(.miss(miss)) }
    }

    /// Gives the turn of a miss back without an answer.
    package func abandon(_ step: CacheStep) {
        guard let cache, case .miss(let miss) = step, let token = miss.token else { return }
        try? cache.endTurn(token, of: miss.question)
    }
}

/// The caller wants an answer from the cache or none, and there is none.
package struct OnlyIfCached: Fault {
    package let kind = FaultKind.notFound
    package let param: String? = "x-tally-cache"
    package let description =
        "there is no stored answer, and the request asks for nothing else (only-if-cached): send it "
        + "without x-tally-cache: only"
}
