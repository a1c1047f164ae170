/// A moment of a clock that never runs backwards, in microseconds since any origin.
package struct Moment: Hashable, Comparable, Sendable {
    package let microseconds: Int64

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// After every other moment.
    package static let never = Moment(microseconds: .max)

    package static func < (a: Moment, b: Moment) -> Bool { a.microseconds < b.microseconds }

    /// The moment after a time; `never` if there is none so late.
    package func advanced(byMicroseconds delta: Int64) -> Moment {
        let (sum, isOver) = microseconds.addingReportingOverflow(delta)
        return isOver ? .never : Moment(microseconds: sum)
    }

    package func advanced(by time: Duration) -> Moment {
        advanced(byMicroseconds: time.wholeMicroseconds)
    }

    /// The microseconds from an earlier moment to this one, as many as 64 bits can hold.
    package func microseconds(since earlier: Moment) -> Int64 {
        let (difference, isOver) = microseconds.subtractingReportingOverflow(earlier.microseconds)
        return isOver ? (microseconds < 0 ? .min : .max) : difference
    }
}

extension Duration {
    /// Rounded down; more than 64 bits can hold becomes the longest time that they can.
    package var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, isOver) = seconds.multipliedReportingOverflow(by: 1_000_000)
        return isOver ? .max : product + attoseconds / 1_000_000_000_000
    }

    /// Doubled some times, in microseconds.
    package func microseconds(doubled times: Int) -> Int64 {
        let (product, isOver) = wholeMicroseconds.multipliedReportingOverflow(
            by: 1 << Int64(Swift.min(Swift.max(times, 0), 40)))
        return isOver ? .max : product
    }
}
