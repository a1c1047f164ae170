import Resilience

/// What a call, or one part of a merged call, is made for: a request, and those that share it.
struct Work: Sendable {
    enum State: Sendable, Equatable {
        /// In the queue of its lane.
        case waiting
        /// Until it is tried again.
        case delayed
        /// Set apart with others, to find out whose fault an error is.
        case apart
        case running(call: Int32)
        /// The answer has ended, and somebody still reads it.
        case ended(Outcome)
    }

    var state = State.waiting
    var lane = 0
    var priority = 0
    var tenant = Tenant(0)
    /// The tenant's place in the queue of its lane and class, while it waits.
    var flow: Int32 = -1
    var order = Order(due: .never, sequence: 0)
    var tokens = 0
    var bytes = 0
    var prefix: [UInt64] = []
    /// How often a later one went first because its beginning was in the provider's cache.
    var passed = 0
    /// Since when it could have been called.
    var arrived = Moment(microseconds: 0)
    /// From when on a delayed one may be called again.
    var readyAt = Moment(microseconds: 0)
    /// Calls made for it, without those that searched for a guilty one.
    var attempts = 0
    /// Whether its tenant was charged; a retry isn't its tenant's fault.
    var isCharged = false
    var sharing: Sharing?
    /// The readers as a list through their records, in order of arrival.
    var firstReader: Int32 = -1
    var lastReader: Int32 = -1
    var readerCount = 0
    /// What has come of a streamed answer.
    var stream: ReplayBuffer?
}

/// Somebody who waits for an outcome.
struct Reader: Sendable {
    var work: Int32 = -1
    var previous: Int32 = -1
    var next: Int32 = -1
    var deadline = Moment.never
    var open = Amount()
    /// How many pieces of the shared answer were read.
    var position = 0
    /// What of the shared answer was not read yet.
    var unreadBytes = 0
    /// Whether it was told that there is something to read, and has not read since.
    var isTold = false
    /// What a reader who fell behind has yet to read; nil while it reads from the shared answer.
    var backlog: [[UInt8]]?
}

/// A running call.
struct RunningCall: Sendable {
    var lane = 0
    var works: [Int32] = []
    var began = Moment(microseconds: 0)
    var isProbe = false
    var isPaused = false
    /// Whether it was made to find out whose fault an error is.
    var isSearch = false
    /// Works whose answer somebody still waits for; the others' places are -1.
    var wanted = 0
}
