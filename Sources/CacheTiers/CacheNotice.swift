/// Something about the tiers that whoever runs them should read in the log.
package enum CacheNotice: Sendable, Equatable, CustomStringConvertible {
    /// The file of the disk tier was damaged, and now has another name.
    case diskSetAside(path: String, reason: String)
    /// The disk tier can't be used; the others go on.
    case diskUnusable(reason: String)
    /// A tier failed or was slow several times in a row, and is passed over for a while.
    case tierPaused(CacheTier, reason: String)
    case tierResumed(CacheTier)
    /// Invalidations can't be heard, so nothing is given until they can.
    case unheard(reason: String)
    case heardAgain(missed: Int)
    /// More was missed than is kept, so everything in memory and on disk was dropped.
    case dropped(from: Int64, to: Int64)

    package var isWarning: Bool {
        switch self {
        case .tierResumed, .heardAgain: false
        default: true
        }
    }

    package var description: String {
        switch self {
        case .diskSetAside(let path, let reason):
            "the disk cache was damaged and is begun anew; the old one is \(path) (\(reason))"
        case .diskUnusable(let reason): "the disk cache is not used: \(reason)"
        case .tierPaused(let tier, let reason):
            "the \(tier.rawValue) tier of the cache is passed over for now: \(reason)"
        case .tierResumed(let tier): "the \(tier.rawValue) tier of the cache is used again"
        case .unheard(let reason):
            "the cache gives nothing, because it can't hear of invalidations: \(reason)"
        case .heardAgain(let missed):
            "the cache hears of invalidations again; it had missed \(missed)"
        case .dropped(let from, let to):
            "the cache was emptied: invalidations \(from) to \(to) are not known any more"
        }
    }
}
