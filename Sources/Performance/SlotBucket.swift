import Estimating
package import LedgerModel

/// In which five minutes of its hour a request began, and how it did: one number, which is a bucket of
/// a histogram by the hour.
///
/// So a row by the hour answers questions about minutes. Times are in 16 buckets an octave, each at
/// most 1/16 of its lower bound wide.
package struct SlotBucket: Hashable, Sendable {
    /// From 0 to 11.
    package let slot: Int
    package let outcome: Outcome

    package enum Outcome: Hashable, Sendable {
        /// The bucket of its time.
        case took(Int)
        /// It succeeded, and nobody told its time.
        case done
        /// It failed by its caller's doing.
        case refused
        /// It was an attempt that failed, and its request went on to another one.
        case attempt
        case failed
    }

    package static let slotMicroseconds: Int64 = 300_000_000
    package static let slots = 12
    private static let width = 512
    private static let coarse = 2
    private static let lastTime = 507

    package init(slot: Int, outcome: Outcome) {
        self.slot = slot
        self.outcome = outcome
    }

    /// - Parameters:
    ///   - time: when the request began.
    ///   - failure: why it failed; nil if it didn't.
    ///   - isAttempt: whether its request went on after that.
    ///   - microseconds: what it took; nil if nobody told.
    package init(
        at time: Timestamp, failure: FailureClass?, isAttempt: Bool = false, microseconds: Int64?
    ) {
        slot = Int(time.timeOfDay % Timestamp.hourMicroseconds / Self.slotMicroseconds)
        if let failure {
            outcome = failure.isOfCaller ? .refused : isAttempt ? .attempt : .failed
        } else {
            outcome =
                microseconds.map {
                    .took(min(LengthHistogram.bucket(of: max(0, $0)) / Self.coarse, Self.lastTime))
                } ?? .done
        }
    }

    package init?(number: Int) {
        guard (0..<Self.slots * Self.width).contains(number) else { return nil }
        slot = number / Self.width
        switch number % Self.width {
        case 508: outcome = .attempt
        case 509: outcome = .done
        case 510: outcome = .refused
        case 511: outcome = .failed
        case let time: outcome = .took(time)
        }
    }

    package var number: Int {
        let place =
            switch outcome {
            case .took(let time): time
            case .attempt: 508
            case .done: 509
            case .refused: 510
            case .failed: 511
            }
        return slot * Self.width + place
    }

    /// The longest time of a bucket.
    package static func end(of time: Int) -> Int64 {
        LengthHistogram.end(of: time * coarse + coarse - 1)
    }
}
