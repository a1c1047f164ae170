import Postgres

/// A range of positions that a subscription cannot get past.
package struct PoisonedRange: Error, Sendable, CustomStringConvertible {
    package let positions: ClosedRange<Int64>
    package let blocks: Int64
    package let cause: any Error

    package var description: String {
        "positions \(positions.lowerBound) to \(positions.upperBound) cannot be folded: \(cause)"
    }
}

/// Events that should be there are not, or there are more than there should be.
package struct PositionGap: Error, Hashable, Sendable, CustomStringConvertible {
    package let expected: Int64
    package let found: Int64

    package var description: String {
        "expected \(expected) events, found \(found): \(Self.remedy)"
    }

    /// What is missing can't be quarantined.
    package static let remedy = "run \(command)"
    package static let command = "tally verify"
}

/// An event that an effect can't take, however often it tries.
package struct ImpossibleEvent: Error, CustomStringConvertible {
    package let cause: any Error
    package var description: String { "\(cause)" }

    package init(_ cause: any Error) { self.cause = cause }
}

extension EventRange {
    /// The error of an effect: with the range, if another try would meet it again.
    func poisoned(blocks: Int64, by error: any Error) -> any Error {
        guard count > 0, Self.isPoison(error) else { return error }
        return PoisonedRange(positions: after + 1...upTo, blocks: blocks, cause: error)
    }

    /// Whether trying again would fail again because of what the events or the tables hold.
    ///
    /// A unique violation is not among these: rows are merged, so two writers must have met.
    static func isPoison(_ error: any Error) -> Bool {
        if error is PositionGap || error is ImpossibleEvent { return true }
        guard let error = error as? PostgresError, let state = error.sqlState else { return false }
        if error.code == .uniqueViolation { return false }
        return state.hasPrefix("22") || state.hasPrefix("23")
    }
}
