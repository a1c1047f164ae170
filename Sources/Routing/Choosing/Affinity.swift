import LedgerModel
import Resilience

/// Where conversations were answered before, so that they stay where a provider's prompt cache has
/// their beginning.
///
/// The first choice is by rendezvous hashing (Thaler and Ravishankar, 1998), which every instance
/// makes alike, and of which a provider that leaves takes only its own share along. A conversation
/// that had to move stays where it moved to: the cache there is the warm one by then. Two
/// generations bound the memory; what is forgotten is chosen by hash again.
struct AffinityTable: Sendable {
    /// How the last call of a conversation came to its place.
    enum Visit: Sendable { case first, kept, moved }

    private struct Place: Sendable {
        var seat: Int32
        var visit: Visit
        var seen: Moment
    }

    private var young: [UInt64: Place] = [:]
    private var old: [UInt64: Place] = [:]
    private let entriesMax: Int

    /// Conversations of each generation; there are two.
    static let entriesMax = 32_768
    /// No provider keeps a beginning for longer than this after its last use.
    static let forgottenAfter: Duration = .seconds(3_600)

    init(entriesMax: Int = Self.entriesMax) {
        self.entriesMax = entriesMax
    }

    var count: Int { young.count + old.count }

    /// Where a conversation was answered last, if a cache may still have it.
    func seat(of key: UInt64, at now: Moment) -> Int? {
        guard let place = young[key] ?? old[key],
            now.microseconds(since: place.seen) < Self.forgottenAfter.wholeMicroseconds
        else { return nil }
        return Int(place.seat)
    }

    func visit(of key: UInt64) -> Visit? { (young[key] ?? old[key])?.visit }

    mutating func visits(_ seat: Int, _ key: UInt64, at now: Moment) {
        let before = self.seat(of: key, at: now)
        let visit: Visit = before == nil ? .first : before == seat ? .kept : .moved
        if young.count >= entriesMax, young[key] == nil {
            old = young
            young = [:]
        }
        young[key] = Place(seat: Int32(seat), visit: visit, seen: now)
        old[key] = nil
    }

    /// The key of the conversation that a request belongs to; nil if nothing says.
    ///
    /// An API key is the last resort. Of embeddings nothing is cached, so that only what their caller
    /// says keeps them together.
    static func key(of request: RoutedRequest) -> UInt64? {
        var hash = StableHash()
        let hints = request.affinity
        let isCached = request.path != "/v1/embeddings"
        if let session = hints.session {
            hash.add(1)
            hash.add(session.string)
        } else if let cacheKey = hints.promptCacheKey {
            hash.add(2)
            hash.add(cacheKey)
        } else if isCached, let prefix = hints.prefix {
            hash.add(3)
            hash.add(prefix)
        } else if isCached, let key = request.dimensions[.apiKey] {
            hash.add(4)
            hash.add(key.string)
        } else {
            return nil
        }
        // A cache has one model's states, and tells no ledger about another.
        hash.add(request.model)
        hash.add(UInt64(bitPattern: request.ledger.number))
        return hash.value
    }
}

/// Rendezvous hashing with weights (Schindelhauer and Schomaker, 2005): the highest score wins.
enum Rendezvous {
    /// - Parameter weight: twice as much wins twice as often.
    static func score(of seat: UInt64, for key: UInt64, weight: Double) -> Double {
        guard weight > 0 else { return -.infinity }
        var hash = StableHash()
        hash.add(seat)
        hash.add(key)
        hash.add(0)
        // Never 0 and never 1, whose logarithms would decide alone.
        let fraction = (Double(hash.value >> 11) + 0.5) / Double(1 << 53)
        return weight / -logarithm(of: fraction)
    }

    /// The natural logarithm, the same on every machine: a series in the exponent's remainder.
    static func logarithm(of value: Double) -> Double {
        let part = (value.significand - 1) / (value.significand + 1)
        let square = part * part
        var (term, sum) = (part, 0.0)
        for odd in stride(from: 1.0, through: 25, by: 2) {
            sum += term / odd
            term *= square
        }
        return Double(value.exponent) * 0.693_147_180_559_945_3 + 2 * sum
    }
}

/// What prompts found in providers' caches, by whether their conversations stayed where they were.
package struct AffinityCounts: Sendable, Equatable {
    package struct Tokens: Sendable, Equatable {
        package var calls: Int64 = 0
        package var input: Int64 = 0
        package var cached: Int64 = 0

        package init() {}

        /// Nil before anything was read.
        package var share: Double? { input > 0 ? Double(cached) / Double(input) : nil }

        mutating func add(_ outcome: CallOutcome) {
            calls += 1
            input += max(0, outcome.inputTokens)
            cached += max(0, outcome.cachedTokens)
        }
    }

    /// The first call of a conversation, as far as anybody remembers.
    package var first = Tokens()
    /// Where the one before was answered.
    package var kept = Tokens()
    /// Elsewhere than the one before.
    package var moved = Tokens()
    /// Calls that nothing keeps together.
    package var unkeyed = Tokens()

    package init() {}

    mutating func add(_ visit: AffinityTable.Visit?, _ outcome: CallOutcome) {
        switch visit {
        case .first: first.add(outcome)
        case .kept: kept.add(outcome)
        case .moved: moved.add(outcome)
        case nil: unkeyed.add(outcome)
        }
    }
}
