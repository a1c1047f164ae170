/// When a notice that a channel did not take is tried again: soon at first, then less and less
/// often, for three days.
///
/// Full jitter: any time up to the bound, so that many notices do not come back at once.
package enum RetrySchedule {
    /// How long after its event a notice is given up.
    package static let secondsMax: Int64 = 3 * 86_400
    private static let boundMin = 5.0
    private static let boundMax = 6.0 * 3_600

    /// Seconds until the next attempt.
    ///
    /// - Parameters:
    ///   - attempts: how many there were, from 1.
    ///   - chance: from 0 to 1.
    package static func seconds(after attempts: Int, chance: Double) -> Double {
        let doublings = min(max(attempts - 1, 0), 32)
        return 1 + chance * min(boundMax, boundMin * Double(UInt64(1) << UInt64(doublings)))
    }
}
