/// An error that knows how to answer whoever caused or met it.
///
/// Its description is one sentence that says what is wrong and what to do. Exit codes and HTTP
/// statuses follow only from its kind. An error that is not a `Fault` counts as a defect of the
/// program.
package protocol Fault: Error, CustomStringConvertible {
    var kind: FaultKind { get }
    /// The wrong parameter or member of a body.
    var param: String? { get }
    /// The sentence for outside callers, without what only operators should read.
    var sentence: String { get }
}

extension Fault {
    package var param: String? { nil }
    package var sentence: String { description }
}

/// Who has to act on an error, and how.
package enum FaultKind: Hashable, Sendable {
    /// Arguments that don't go together; nothing was done.
    case usage
    /// Input that can't be right.
    case invalid
    case notFound
    /// A state other than the requested one; nothing was changed.
    case conflict
    case tooLarge
    /// A form or encoding that is not supported.
    case unsupported
    /// The work was stopped at its time limit.
    case tookTooLong
    /// No key, or an unknown one.
    case unauthenticated
    /// A key without the scope.
    case forbidden
    /// A budget has no room for it.
    case overBudget
    /// Too many things at once; the same request works a little later.
    case busy(retryAfter: Duration)
    /// A dependency, such as the database, is unavailable.
    case unavailable(retryAfter: Duration)
    /// The process is ending.
    case closing
    /// Our own mistake or damaged data; the log says more.
    case defect
}
