package import LedgerModel

/// A request of the past, as far as warming needs to know it.
package struct PastAccess: Sendable {
    package let time: Timestamp
    /// The number of an application; sequences are learnt for each.
    package let app: Int32
    /// Zero if it belongs to none.
    package let session: UInt64
    package let key: CacheKey
    /// What a hit is worth: what the request cost, and perhaps what waiting for it cost.
    package let worth: Picodollars
    /// What filling the cache ahead costs, such as the price of a batch API.
    package let fill: Picodollars

    package init(
        time: Timestamp, app: Int32 = 0, session: UInt64 = 0, key: CacheKey, worth: Picodollars,
        fill: Picodollars
    ) {
        self.time = time
        self.app = app
        self.session = session
        self.key = key
        self.worth = worth
        self.fill = fill
    }
}

/// What to ask for before anybody does, the most saving for its cost first.
package struct WarmingPlan: Sendable {
    package var entries: [Entry] = []
    /// Keys that save something but for which the budget did not suffice.
    package var overBudget = 0
    /// Keys that were looked at because they have expired or are about to.
    package var looked = 0

    package var cost: PicodollarSum { entries.reduce(.zero) { $0 + PicodollarSum($1.fill) } }
    package var saving: PicodollarSum { entries.reduce(.zero) { $0 + PicodollarSum($1.saving) } }

    package struct Entry: Sendable {
        package let key: CacheKey
        package let fill: Picodollars
        /// Expected, after what filling costs; positive.
        package let saving: Picodollars
        package let reason: Reason
    }

    package enum Reason: Sendable, Hashable {
        /// Asked for again and again, and not in the cache now, or not for long.
        ///
        /// Of keys like it, so many were looked at in held-out history, and so many of them asked
        /// for while the warmed answer would have been there.
        case popular(uses: Int, used: Int, of: Int)
        /// Another request was just made, after which it often follows.
        case follows(CacheKey, used: Int, of: Int)
    }
}

/// The share of successes that so many trials make sure of (Wilson, 1927; one-sided, 95 %).
func assuredShare(_ successes: Int, of trials: Int) -> Double {
    guard trials > 0 else { return 0 }
    let (n, z) = (Double(trials), 1.64)
    let share = Double(successes) / n
    let middle = share + z * z / (2 * n)
    let spread = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    return max(0, (middle - spread) / (1 + z * z / n))
}
