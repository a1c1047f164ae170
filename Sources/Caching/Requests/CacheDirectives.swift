package import LedgerModel

/// What a caller says about caching, in `Cache-Control` and `x-tally-cache`.
///
/// `Cache-Control` is read as RFC 9111 has it, and words that say nothing to us are passed over, as
/// it demands. `x-tally-cache` is ours, so an unknown word there is refused.
package struct CacheDirectives: Sendable, Equatable {
    /// Not answered from the cache.
    package var skipsReading = false
    /// The answer is not kept.
    package var skipsStoring = false
    /// Answered from the cache or not at all.
    package var onlyIfCached = false
    /// Random requests are cached too: the caller accepts the same answer each time.
    package var acceptsRandom = false
    /// Also what depends on more than the request.
    package var acceptsDependent = false
    /// The greatest age of an answer, in seconds.
    package var maxAge: Int?
    package var secondsToLive: Int?

    package init() {}

    /// Reads both headers; several lines of one are joined by commas.
    package init(cacheControl: String?, tallyCache: String?) throws(CacheFault) {
        for (word, value) in Self.words(cacheControl) {
            switch word {
            case "no-store": (skipsReading, skipsStoring) = (true, true)
            case "no-cache": skipsReading = true
            case "only-if-cached": onlyIfCached = true
            case "max-age": maxAge = try Self.age(value, "Cache-Control", word)
            default: break
            }
        }
        for (word, value) in Self.words(tallyCache) {
            switch word {
            case "on": break
            case "off": (skipsReading, skipsStoring) = (true, true)
            case "refresh": skipsReading = true
            case "only": onlyIfCached = true
            case "random": acceptsRandom = true
            case "dependent": acceptsDependent = true
            case "ttl":
                guard let seconds = value.flatMap({ Int($0) }) else {
                    throw .timeToLive(value ?? "")
                }
                secondsToLive = try TimeToLive.checked(seconds)
            default: throw .directive(header: "x-tally-cache", word: word)
            }
        }
        if onlyIfCached, skipsReading {
            throw .directive(header: "x-tally-cache", word: "only")
        }
    }

    /// A number of seconds, 0 included; more than fits is as long as we count.
    private static func age(
        _ value: String?, _ header: String, _ word: String
    ) throws(CacheFault) -> Int {
        guard let value, !value.isEmpty, value.utf8.allSatisfy({ (48...57).contains($0) }) else {
            throw .directive(header: header, word: word)
        }
        return min(Int(value) ?? .max, TimeToLive.secondsMax)
    }

    static func words(_ header: String?) -> [(word: String, value: String?)] {
        (header ?? "").split(separator: ",").compactMap { part in
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map { $0.drop { $0 == " " || $0 == "\t" } }
            var word = String(sides.first ?? "").lowercased()
            while word.hasSuffix(" ") { word.removeLast() }
            guard !word.isEmpty else { return nil }
            var value = sides.count > 1 ? String(sides[1]) : nil
            while value?.hasSuffix(" ") == true { value?.removeLast() }
            if let quoted = value, quoted.count >= 2, quoted.hasPrefix("\""), quoted.hasSuffix("\"")
            {
                value = String(quoted.dropFirst().dropLast())
            }
            return (word, value)
        }
    }
}

/// What is done with a request before it is answered.
package struct CacheDecision: Sendable, Equatable {
    package let mayRead: Bool
    package let mayStore: Bool
    package let onlyIfCached: Bool
    package let maxAge: Int?
    /// Before jitter.
    package let secondsToLive: Int
    /// Why it is neither read nor stored; nil if it may be.
    package let reason: Reason?

    package enum Reason: Sendable, Equatable {
        case asked
        /// The same request may be answered differently, and nobody said that this does not matter.
        case random
        /// The member or tool that lets more than the request decide.
        case dependsOn(String)
    }

    /// - Parameter route: what the route says for all its requests; a caller can only add to it.
    package init(
        for request: CanonicalRequest, _ directives: CacheDirectives,
        route: CacheDirectives = CacheDirectives(), timeToLive: TimeToLive = .standard
    ) {
        let acceptsRandom = directives.acceptsRandom || route.acceptsRandom
        let acceptsDependent = directives.acceptsDependent || route.acceptsDependent
        var reason: Reason?
        if request.isRandom, !acceptsRandom { reason = .random }
        if let member = request.dependsOn, !acceptsDependent { reason = .dependsOn(member) }
        let skipsReading = directives.skipsReading || route.skipsReading
        let skipsStoring = directives.skipsStoring || route.skipsStoring
        if skipsReading, skipsStoring { reason = .asked }
        self.reason = reason
        mayRead = reason == nil && !skipsReading
        mayStore = reason == nil && !skipsStoring
        onlyIfCached = directives.onlyIfCached || route.onlyIfCached
        maxAge = [directives.maxAge, route.maxAge].compactMap(\.self).min()
        secondsToLive =
            directives.secondsToLive ?? route.secondsToLive ?? timeToLive.seconds(for: request)
    }

    /// Whether an answer from the cache is young enough for the caller.
    package func accepts(_ answer: CachedAnswer, at now: Timestamp) -> Bool {
        guard let maxAge else { return true }
        let age = now.microseconds - answer.storedAt.microseconds
        return age <= Int64(maxAge) * 1_000_000
    }
}
