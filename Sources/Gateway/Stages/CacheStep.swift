package import CacheServing
import CacheTiers
import Caching
package import HTTPTypes
package import LedgerModel
package import NIOCore

/// What the cache says to a request, and what `SavingStages.store` needs to know later.
package enum CacheStep: Sendable {
    /// The route has no cache, or the call has no answer of a model.
    case off
    /// Left out for this request.
    case refused(CacheLookup)
    case answer(CacheAnswer)
    case miss(CacheMiss)

    /// An answer that is there already, in the form that was asked for.
    package struct CacheAnswer: Sendable {
        package let found: CacheLookup
        package let answer: ServedAnswer
        /// It is past its time, and this request has the turn to fetch a new one: hand it to
        /// `SavingStages.refresh`.
        package let refresh: CacheMiss?

        package var body: ByteBuffer { ByteBuffer(bytes: answer.body) }
        package var contentType: String { answer.contentType }
    }

    package struct CacheMiss: Sendable {
        package let found: CacheLookup
        let question: CacheQuestion
    }

    /// `x-tally-cache`, and `x-tally-cache-key` where there is a key.
    package var headers: HTTPFields {
        switch self {
        case .off: [.tallyCache: "off"]
        case .refused(let found): Self.headers("off", found)
        case .miss(let miss): Self.headers("miss", miss.found)
        case .answer(let answer):
            Self.headers(answer.found.outcome == .stale ? "stale" : "hit", answer.found)
        }
    }

    private static func headers(_ word: String, _ found: CacheLookup) -> HTTPFields {
        [.tallyCache: word, .tallyCacheKey: found.key.digest.description]
    }

    /// Whether `store` wants the whole answer; else nobody need keep it.
    package var wantsAnswer: Bool {
        if case .miss(let miss) = self {
            miss.found.asked.decision.mayStore && !miss.isElsewhere
        } else {
            false
        }
    }
}

extension CacheStep.CacheMiss {
    /// Whether somebody else is fetching the answer, and will store it.
    var isElsewhere: Bool {
        if case .elsewhere = found.turn { true } else { false }
    }

    var token: FillToken? {
        if case .yours(let token) = found.turn { token } else { nil }
    }
}

/// What came of a call, for the cache.
package struct FetchedAnswer: Sendable {
    /// As the provider sent it: a whole body, or the events of a stream.
    package var body: [UInt8]
    package var contentType: String
    package var status: Int
    /// Whether it came to its end, and all of it is in `body`.
    package var isComplete: Bool
    /// Whether another model had to answer.
    package var isFallback: Bool
    /// The model by the provider's name.
    package var upstreamModel: String?
    /// The provider by the name that prices have for it.
    package var provider: Name?
    /// The provider's `Cache-Control`.
    package var cacheControl: String?
    /// Nil for what the answer says.
    package var usage: Usage?
    /// The event of the request that paid for it.
    package var requestID: EventID

    package init(
        _ body: [UInt8], contentType: String, status: Int = 200, isComplete: Bool = true,
        isFallback: Bool = false, upstreamModel: String? = nil, provider: Name? = nil,
        cacheControl: String? = nil, usage: Usage? = nil, requestID: EventID
    ) {
        self.body = body
        self.contentType = contentType
        self.status = status
        self.isComplete = isComplete
        self.isFallback = isFallback
        self.upstreamModel = upstreamModel
        self.provider = provider
        self.cacheControl = cacheControl
        self.usage = usage
        self.requestID = requestID
    }
}

extension HTTPField.Name {
    package static let tallyCache = tally("x-tally-cache")
    package static let tallyCacheKey = tally("x-tally-cache-key")

    static func tally(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("a name of a header") }
        return name
    }
}
