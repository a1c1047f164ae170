import Glibc
package import LedgerModel
package import Resilience

/// The clocks of load management: one that never runs backwards, and the calendar, since some
/// providers tell times of day.
package struct LoadClock: Sendable {
    package let moment: @Sendable () -> Moment
    package let today: @Sendable () -> Timestamp

    package init(
        moment: @escaping @Sendable () -> Moment, today: @escaping @Sendable () -> Timestamp
    ) {
        self.moment = moment
        self.today = today
    }

    package static let machine = LoadClock(
        moment: { Moment(microseconds: microseconds(of: CLOCK_MONOTONIC)) },
        today: { Timestamp(unixMicroseconds: microseconds(of: CLOCK_REALTIME)) })

    private static func microseconds(of clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }
}
