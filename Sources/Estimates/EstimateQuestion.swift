package import LedgerModel

/// A question about a request before it is made, checked once for commands and calls.
package struct EstimateQuestion: Sendable {
    package var request: PlannedRequest
    /// The encoding that counted the input, if not the model's own.
    private let estimatedWith: Name?

    package init(_ request: PlannedRequest, estimatedWith: Name? = nil) throws(EstimateRefusal) {
        let names: [(String, Name?)] = [
            ("model", request.model), ("provider", request.provider), ("app", request.app),
            ("feature", request.feature), ("service_tier", request.serviceTier),
            ("region", request.region), ("estimated_with", estimatedWith),
        ]
        for (param, name) in names {
            guard let bytes = name?.string.utf8 else { continue }
            guard (1...Dimensions.valueBytesMax).contains(bytes.count), !bytes.contains(0) else {
                throw EstimateRefusal(
                    param, "must have 1 to \(Dimensions.valueBytesMax) bytes and no NUL")
            }
        }
        for (param, tokens) in [
            ("input_tokens", request.input.tokens), ("max_tokens", request.maxTokens ?? 0),
        ] where !(0...Estimator.tokensMax).contains(tokens) {
            throw EstimateRefusal(param, "must be a whole number from 0 to \(Estimator.tokensMax)")
        }
        let coverages = PlannedRequest.coverages
        guard coverages.contains(request.coverage) else {
            throw EstimateRefusal(
                "coverage", "must lie between \(coverages.lowerBound) and \(coverages.upperBound)")
        }
        guard estimatedWith == nil || request.provider != nil else {
            throw EstimateRefusal(
                "provider",
                "is required when the input is an estimate: bills for the model show "
                    + "how far the estimate is off")
        }
        self.request = request
        self.estimatedWith = estimatedWith
    }

    /// Prices the request by the history and the bills of the ledger.
    package func answer(from estimator: Estimator, at time: Timestamp) async throws -> CostEstimate
    {
        var request = request
        if let estimatedWith, let provider = request.provider {
            request.input = InputCount(
                estimated: request.input.tokens,
                try await estimator.calibration(
                    provider: provider, model: request.model, encoding: estimatedWith, at: time))
        }
        return try await estimator.estimate(request, at: time)
    }
}

/// A value that no request can have.
package struct EstimateRefusal: Fault {
    package var kind: FaultKind { .invalid }
    private let name: String
    /// The rest of a sentence that begins with the name of the value.
    package let rule: String

    fileprivate init(_ name: String, _ rule: String) {
        self.name = name
        self.rule = rule
    }

    package var param: String? { name }
    package var description: String { "\(name) \(rule)" }
}
