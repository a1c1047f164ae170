internal import CLibPQ

/// A message that somebody sent with NOTIFY.
package struct PostgresNotification: Sendable, Equatable {
    package let channel: String
    package let payload: String
    /// The backend that sent it.
    package let backendPID: Int32

    package init(channel: String, payload: String, backendPID: Int32) {
        self.channel = channel
        self.payload = payload
        self.backendPID = backendPID
    }
}

extension Session {
    /// Starts listening.
    ///
    /// Not behind a pooler, which would give the listener's connection to somebody else.
    package func listen(_ channel: String) throws(PostgresError) {
        let connection = try active.opened()
        guard let quoted = PQescapeIdentifier(connection, channel, channel.utf8.count) else {
            throw PostgresError(
                .invalidParameter, "\(channel) can't be the name of a channel: it isn't UTF-8")
        }
        defer { PQfreemem(quoted) }
        try execute("LISTEN \(String(cString: quoted))")
    }

    /// Returns what has arrived, waiting for the first until the deadline; empty if nothing came.
    ///
    /// A cancelled task stops waiting and throws.
    package func notifications(
        until deadline: ContinuousClock.Instant
    ) throws(PostgresError) -> [PostgresNotification] {
        let link = active
        let earliest = link.deadline.map { min($0, deadline) } ?? deadline
        while true {
            try link.checkMayStart()
            try link.consume()
            let arrived = try link.takeNotifications()
            if !arrived.isEmpty { return arrived }
            if case .expired = link.poll(toWrite: false, until: earliest) { return [] }
        }
    }
}

extension Link {
    fileprivate func takeNotifications() throws(PostgresError) -> [PostgresNotification] {
        let connection = try opened()
        var taken: [PostgresNotification] = []
        while let notification = PQnotifies(connection) {
            defer { PQfreemem(notification) }
            let channel = notification.pointee.relname.map { String(cString: $0) }
            let payload = notification.pointee.extra.map { String(cString: $0) }
            taken.append(
                PostgresNotification(
                    channel: channel ?? "", payload: payload ?? "",
                    backendPID: notification.pointee.be_pid))
        }
        return taken
    }
}
