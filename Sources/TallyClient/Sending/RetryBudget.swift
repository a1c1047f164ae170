/// Bounds the share of retries in the traffic, after Finagle's RetryBudget.
///
/// Every call deposits a fifth of a retry, and each second deposits one. So each client calls a
/// service that is down at most about once a second, however short the pauses chosen at random or
/// by the service are.
package struct RetryBudget: Sendable {
    /// Thousandths of a retry that a first attempt earns: 20 % of calls.
    package static let earnedByCall = 200
    /// Thousandths that a second earns.
    package static let earnedBySecond = 1_000
    /// Thousandths that can be saved: what ten seconds earn.
    package static let savedMax = 10_000
    private static let price = 1_000

    private var saved = savedMax
    private var countedAt: Duration = .zero

    package init() {}

    package mutating func earnByCall() {
        saved = min(Self.savedMax, saved + Self.earnedByCall)
    }

    /// Pays for a retry now, or says when one can be paid for.
    package mutating func pay(at now: Duration) -> Payment {
        earnByTime(at: now)
        guard saved < Self.price else {
            saved -= Self.price
            return .paid
        }
        let missing = Self.price - saved
        return .short(until: now + .milliseconds(missing * 1_000 / Self.earnedBySecond + 1))
    }

    package enum Payment: Hashable, Sendable {
        case paid
        case short(until: Duration)
    }

    private mutating func earnByTime(at now: Duration) {
        let milliseconds = (now - countedAt).microseconds / 1_000
        guard milliseconds > 0 else { return }
        let earned = Int(min(milliseconds, 1_000_000)) * Self.earnedBySecond / 1_000
        saved = min(Self.savedMax, saved + earned)
        countedAt += .milliseconds(milliseconds)
    }
}
