package import LedgerModel

/// Why something can't be cached, or a cache can't be made so.
package enum CacheFault: Fault, Hashable {
    /// A cache without room for anything, or for more than an address says.
    case capacity(bytes: Int)
    case entryTooLarge(bytes: Int, max: Int)
    case requestTooLarge(bytes: Int)
    case notJSON(String)
    case notAnObject
    case repeatedMember(String)
    case timeToLive(String)
    /// A word in `Cache-Control` or `x-tally-cache` that can't be understood.
    case directive(header: String, word: String)

    package var kind: FaultKind {
        switch self {
        case .entryTooLarge, .requestTooLarge: .tooLarge
        default: .invalid
        }
    }

    package var description: String {
        switch self {
        case .capacity(let bytes):
            "a cache of \(bytes) bytes can't be made: take \(ResponseCache.capacityMin) to "
                + "\(ResponseCache.capacityMax)"
        case .entryTooLarge(let bytes, let max):
            "an answer of \(bytes) bytes does not fit into the cache, where one may have \(max): "
                + "it was not stored; make the cache larger to keep such answers"
        case .requestTooLarge(let bytes):
            "a request of \(bytes) bytes is not cached: one may have "
                + "\(CanonicalRequest.bytesMax) bytes"
        case .notJSON(let reason): "the request is not JSON: \(reason)"
        case .notAnObject: "the request is not a JSON object"
        case .repeatedMember(let name):
            "the request has the member '\(name)' twice, so it can't be said what it asks"
        case .timeToLive(let text):
            "'\(text)' is not a time to live: give whole seconds from 1 to "
                + "\(TimeToLive.secondsMax) (a year)"
        case .directive(let header, let word):
            "'\(word)' in \(header) is not understood: see docs/cache.md for what is"
        }
    }
}
