package import LedgerModel

/// Why an answer can't be kept, or the tiers can't be made so.
package enum CacheTierFault: Fault, Hashable {
    case capacity(setting: String, bytes: Int, min: Int, max: Int)
    case tooManyNames(member: String, count: Int)
    case nameTooLong(member: String, max: Int)
    case emptyName(member: String)
    case answerTooLarge(bytes: Int, max: Int)
    /// Its address is of another ledger.
    case foreignLedger
    /// An invalidation reaches the answer, or may: its making began too long ago to know.
    case overtaken
    /// It would have expired before it was stored.
    case timeToLive
    case redisAddress(String)
    case duration(setting: String)

    package var kind: FaultKind {
        switch self {
        case .answerTooLarge: .tooLarge
        case .overtaken: .conflict
        case .foreignLedger: .defect
        default: .invalid
        }
    }

    package var param: String? {
        switch self {
        case .tooManyNames(let member, _), .nameTooLong(let member, _), .emptyName(let member):
            member
        default: nil
        }
    }

    package var description: String {
        switch self {
        case .capacity(let setting, let bytes, let min, let max):
            "\(setting) is \(bytes) bytes: take \(min) to \(max)"
        case .tooManyNames(let member, let count):
            "\(member) has \(count) names: the limit is \(StoredAnswer.namesMax)"
        case .nameTooLong(let member, let max):
            "\(member) has a name of more than \(max) bytes: use a shorter one"
        case .emptyName(let member): "\(member) has an empty name: leave it out"
        case .answerTooLarge(let bytes, let max):
            "an answer of \(bytes) bytes was not stored: one may have \(max)"
        case .foreignLedger: "an answer of one ledger can't be stored for another"
        case .overtaken:
            "the answer was not stored: what it was made from may have been invalidated since "
                + "its request was made; ask again"
        case .timeToLive: "the answer was not stored: its time to live is over"
        case .redisAddress(let text):
            "'\(text)' is not an address of a Redis server: write redis://host:6379/0, "
                + "redis://user:password@host:6379/0 or unix:///path/of/socket"
        case .duration(let setting): "\(setting) is not a time in its bounds: see docs/cache.md"
        }
    }
}
