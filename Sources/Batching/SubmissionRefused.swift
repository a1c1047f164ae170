package import LedgerModel

/// Why a request was not accepted; nothing was changed by it.
package enum SubmissionRefused: Fault, Hashable {
    case unknownLane(Int, count: Int)
    case priority(Int, classes: Int)
    case deadlinePast(byMicroseconds: Int64)
    case negative(tokens: Int, bytes: Int)
    case prefixTooLong(Int, max: Int)
    /// More than one call of the lane can carry, or than all that may be open.
    case tooLarge(Amount, max: Amount)
    /// An `Idempotency-Key` that is in use for another request.
    case otherRequest
    /// All that may be open is.
    case full(retryAfter: Duration)
    /// What this tenant may have open is, while others still have room.
    case tenantFull(retryAfter: Duration)
    /// The upstream fails, and will not be tried again before the deadline.
    case upstreamDown(retryAfter: Duration)
    case closing

    package var kind: FaultKind {
        switch self {
        case .unknownLane: .notFound
        case .priority, .deadlinePast, .negative, .prefixTooLong: .invalid
        case .tooLarge: .tooLarge
        case .otherRequest: .conflict
        case .full(let delay), .tenantFull(let delay): .busy(retryAfter: delay)
        case .upstreamDown(let delay): .unavailable(retryAfter: delay)
        case .closing: .closing
        }
    }

    package var param: String? {
        switch self {
        case .unknownLane: "lane"
        case .priority: "priority"
        case .deadlinePast: "deadline"
        case .prefixTooLong: "prefix"
        case .otherRequest: "Idempotency-Key"
        default: nil
        }
    }

    package var description: String {
        switch self {
        case .unknownLane(let lane, let count):
            "there is no lane \(lane): the policy has \(count)"
        case .priority(let priority, let classes):
            "priority \(priority) is not one of 0 to \(classes - 1)"
        case .deadlinePast(let microseconds):
            "the deadline passed \(microseconds) µs ago: give a later one, or none"
        case .negative(let tokens, let bytes):
            "a request cannot have \(tokens) tokens and \(bytes) bytes: give numbers from 0 on"
        case .prefixTooLong(let count, let max):
            "\(count) hashes of the prompt's beginning are too many: give at most \(max)"
        case .tooLarge(let amount, let max):
            "\(amount.tokens) tokens and \(amount.bytes) bytes are more than one call takes "
                + "(\(max.tokens) tokens, \(max.bytes) bytes): make the request smaller"
        case .otherRequest:
            "another request is running under this Idempotency-Key: use a new key"
        case .full(let delay):
            "too many requests wait: try again in \(Self.seconds(delay)) s"
        case .tenantFull(let delay):
            "too many requests of this tenant wait: try again in \(Self.seconds(delay)) s"
        case .upstreamDown(let delay):
            "the provider fails, and is tried again after the deadline: try again in "
                + "\(Self.seconds(delay)) s"
        case .closing: "the service stops: send the request again"
        }
    }

    private static func seconds(_ delay: Duration) -> Int64 {
        let (seconds, attoseconds) = delay.components
        return attoseconds > 0 ? seconds + 1 : seconds
    }
}
