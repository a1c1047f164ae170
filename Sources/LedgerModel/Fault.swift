/// An error that knows how to answer whoever caused it, or met it.
///
/// Its description is one sentence that says what is wrong and what to do. Exit codes and HTTP
/// statuses follow from its kind; nobody decides them a second time. An error that is no `Fault`
/// counts as a defect of the program.
package protocol Fault: Error, CustomStringConvertible {
    var kind: FaultKind { get }
    /// The parameter, or the member of a body, that is to blame.
    var param: String? { get }
    /// The sentence for callers from outside; it keeps back what only operators should read.
    var sentence: String { get }
}

extension Fault {
    package var param: String? { nil }
    package var sentence: String { description }
}

/// Who has to do something about an error, and what.
package enum FaultKind: Hashable, Sendable {
    /// Arguments that don't go together; nothing was looked at.
    case usage
    /// Input that can't be right as it is.
    case invalid
    case notFound
    /// Another state than the one that was asked for; nothing was changed.
    case conflict
    case tooLarge
    /// A form or encoding that is not read here.
    case unsupported
    /// The work was stopped at its time limit.
    case tookTooLong
    /// No key, or none that is known.
    case unauthenticated
    /// A key without the scope.
    case forbidden
    /// A limit of things at once: the same works a little later.
    case busy(retryAfter: Duration)
    /// What it takes is away, such as the database.
    case unavailable(retryAfter: Duration)
    /// The process is ending.
    case closing
    /// Our own mistake, or damaged data; the log says more.
    case defect
}
