/// How long an answer is kept: by rule, within bounds, and a little less by chance, so that what
/// was stored together does not expire together.
package struct TimeToLive: Sendable, Equatable {
    package var rules: [Rule]
    /// What no rule names.
    package var standardSeconds: Int

    package static let secondsMax = 366 * 86_400
    /// The part of the time that jitter takes away at most.
    static let jitter = 0.1

    package struct Rule: Sendable, Equatable {
        /// Nil for every dialect.
        package let dialect: RequestDialect?
        /// A model, or the beginning of its name before a star; nil for every model.
        package let model: String?
        package let seconds: Int

        package init(
            dialect: RequestDialect? = nil, model: String? = nil, seconds: Int
        ) throws(CacheFault) {
            self.dialect = dialect
            self.model = model
            self.seconds = try TimeToLive.checked(seconds)
        }

        func covers(_ request: CanonicalRequest) -> Bool {
            if let dialect, dialect != request.dialect { return false }
            guard let model else { return true }
            guard model.hasSuffix("*") else { return model == request.model }
            return request.model.hasPrefix(model.dropLast())
        }
    }

    /// A day, and thirty for embeddings, which don't age unless the model does.
    package static let standard = TimeToLive(
        rules: [Rule(embeddings: 30 * 86_400)], standardSeconds: 86_400)

    package init(rules: [Rule], standardSeconds: Int) {
        self.rules = rules
        self.standardSeconds = min(max(1, standardSeconds), Self.secondsMax)
    }

    /// The time of the first rule that covers the request.
    package func seconds(for request: CanonicalRequest) -> Int {
        rules.first { $0.covers(request) }?.seconds ?? standardSeconds
    }

    /// Up to a tenth less, always the same for a key.
    package static func jittered(_ seconds: Int, for key: CacheKey) -> Int {
        let share = Double(key.second >> 11) / Double(UInt64(1) << 53)
        return max(1, seconds - Int(Double(seconds) * jitter * share))
    }

    static func checked(_ seconds: Int) throws(CacheFault) -> Int {
        guard (1...secondsMax).contains(seconds) else { throw .timeToLive(String(seconds)) }
        return seconds
    }
}

extension TimeToLive.Rule {
    fileprivate init(embeddings seconds: Int) {
        dialect = .embeddings
        model = nil
        self.seconds = seconds
    }
}
