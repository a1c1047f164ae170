package import NIOCore

/// How long a connection may take over each part of its conversation.
///
/// It only keeps the times; `ConnectionWatch` tells it what happens, and closes the connection at
/// the deadline.
package struct ConnectionTimes: Sendable {
    package struct Limits: Sendable {
        /// Without a request, from the end of the last answer on.
        package var idle = TimeAmount.seconds(75)
        /// From the first byte of a request to the end of its head.
        package var head = TimeAmount.seconds(15)
        /// Without a byte of a body that the service wants to read.
        package var bodySilence = TimeAmount.seconds(30)
        /// For a whole body.
        package var body = TimeAmount.minutes(10)
        /// Without the client reading a piece of an answer.
        package var writeSilence = TimeAmount.seconds(30)

        package init() {}
    }

    private let limits: Limits
    private var idleSince: NIODeadline
    private var headSince: NIODeadline?
    private var bodySince: NIODeadline?
    private var silentSince: NIODeadline?
    private var blockedSince: NIODeadline?
    private var answersOwed = 0

    package init(_ limits: Limits, at now: NIODeadline) {
        self.limits = limits
        idleSince = now
    }

    /// When the connection is to be closed, unless something happens before.
    package var deadline: NIODeadline {
        let ends = [
            answersOwed == 0 && headSince == nil ? idleSince + limits.idle : nil,
            headSince.map { $0 + limits.head },
            bodySince.map { $0 + limits.body },
            bodySince == nil ? nil : silentSince.map { $0 + limits.bodySilence },
            blockedSince.map { $0 + limits.writeSilence },
        ]
        return ends.compactMap(\.self).min() ?? .distantFuture
    }

    /// Bytes came, of whatever kind.
    package mutating func receiveBytes(at now: NIODeadline) {
        if answersOwed == 0, headSince == nil { headSince = now }
    }

    package mutating func receiveHead(at now: NIODeadline) {
        headSince = nil
        bodySince = now
        silentSince = nil
        answersOwed += 1
    }

    package mutating func receiveBody() { silentSince = nil }

    package mutating func receiveEnd() {
        bodySince = nil
        silentSince = nil
    }

    /// The service wants to read more.
    package mutating func askForMore(at now: NIODeadline) {
        if silentSince == nil { silentSince = now }
    }

    package mutating func finishAnswer(at now: NIODeadline) {
        // What is no request at all is answered too.
        answersOwed = max(0, answersOwed - 1)
        idleSince = now
    }

    /// Whether the client keeps up with the answer.
    package mutating func changeWritability(to isWritable: Bool, at now: NIODeadline) {
        blockedSince = isWritable ? nil : now
    }
}
