package import Resilience

/// What whoever drives a batcher must do, in this order.
package enum BatcherAction: Sendable, Equatable {
    case start(UpstreamCall)
    /// Nobody wants the answer any more; what it answers is ignored.
    case stop(CallID)
    /// Read no more of the answer until told so: those who read it are behind.
    case pause(CallID)
    case resume(CallID)
    /// There is something to `read`; said once until it has been read.
    case readable(Ticket)
    /// The one outcome of a request.
    case complete(Ticket, Outcome)
    /// Call `tick` then; it takes the place of the moment that was named before.
    case wake(at: Moment)
    /// After `drain`: everything has its outcome.
    case drained
}

/// A call to make.
package struct UpstreamCall: Sendable, Equatable {
    package let id: CallID
    package let lane: Int
    /// One request for each part of the answer, in this order; others may share each.
    package let members: [Ticket]
    /// Requests that share the parts, beyond one each.
    package let duplicates: Int
    package let tokens: Int
    /// How long the one that waited longest has waited, in microseconds.
    package let waited: Int64
    /// 1, or more if all of it was called before.
    package let attempt: Int
}

/// What a call ended with.
package enum CallAnswer: Sendable, Equatable {
    /// One result for each member, in their order.
    case results([PartResult])
    case failed(CallFailure)
}

package enum PartResult: Sendable, Equatable {
    /// What it really took, if that is known.
    case success(tokens: Int?)
    case failure(CallFailure)
}

/// How a request ends: every accepted request does, once.
package enum Outcome: Sendable, Equatable {
    /// The part of a call's answer; whoever shares it gets the same.
    case answered(CallID, part: Int)
    case failed(CallFailure)
    /// It was not answered before its deadline, and was not being called then.
    case expired
    case cancelled
    /// The batcher was drained.
    case closing
}

/// What a batcher has done so far.
package struct BatcherCounts: Sendable, Equatable {
    package var submitted = 0
    package var refused = 0
    /// Submitted requests that shared another one's call.
    package var shared = 0
    package var answered = 0
    package var failed = 0
    package var expired = 0
    package var cancelled = 0
    package var closed = 0
    /// Requests whose deadline passed before their answer; expired ones included.
    package var late = 0
    package var calls = 0
    /// Requests sent for the first time, sent again, and sent to find out whose fault an error is.
    package var sent = 0
    package var retried = 0
    package var searched = 0

    /// Requests that have their outcome.
    package var ended: Int { answered + failed + expired + cancelled + closed }
}
