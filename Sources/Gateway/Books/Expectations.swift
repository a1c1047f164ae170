import JSON
package import LedgerModel

/// What a request is expected to use, before it is made: the input as counted, the output as limited.
package struct Expectations: Sendable {
    package init() {}

    package func expected(of request: GatewayRequest) async -> ExpectedUsage {
        var expected = ExpectedUsage(usage: [.inputTokens: Int64(request.body.count / 4)])
        let told = ["max_tokens", "max_completion_tokens", "max_output_tokens"]
            .compactMap { request.json?[$0].flatMap(Self.count) }
        expected.maxTokens = told.max()
        expected.choices = request.json?["n"].flatMap(Self.count) ?? 1
        return expected
    }

    private static func count(_ json: JSONTree) -> Int64? {
        guard case .number(let text) = json, let count = Int64(text), count > 0 else { return nil }
        return min(count, Usage.countMax)
    }
}
