import Postgres
import PostgresTesting
import Testing

@Suite("Cancelling, deadlines and lost connections")
struct CancellationTests {
    private static let sleep = "SELECT pg_sleep(600)"

    /// A connection, and another that watches it.
    private func withPair(_ body: (Connection, Connection) async throws -> Void) async throws {
        try await TestServer.shared().withScratchDatabase { configuration in
            let subject = try await Connection.open(configuration)
            let observer = try await Connection.open(configuration)
            try await body(subject, observer)
            await subject.close()
            await observer.close()
        }
    }

    private func untilActive(_ pid: Int32, seenBy observer: Connection) async throws {
        try await eventually("backend \(pid) runs a query") {
            try await observer.session { try $0.first(BackendState(pid: pid)) } == "active"
        }
    }

    private func untilGone(_ pid: Int32, seenBy observer: Connection) async throws {
        try await eventually("backend \(pid) is gone") {
            try await observer.session { try $0.first(BackendState(pid: pid)) } == nil
        }
    }

    @Test("a query is cancelled from elsewhere, and the connection stays usable")
    func cancelFromElsewhere() async throws {
        try await withPair { subject, observer in
            let work = Task { try await subject.session { try $0.execute(Self.sleep) } }
            try await untilActive(subject.backendPID, seenBy: observer)
            subject.cancel()
            let error = try await postgresError { try await work.value }
            #expect(error.code == .cancelled)
            #expect(subject.isUsable)
            #expect(try await subject.session { try $0.one(Echo(value: true)) })
        }
    }

    @Test("a cancelled task cancels its query, its COPY and its waiting for notifications")
    func cancelTask() async throws {
        try await withPair { subject, observer in
            let bodies: [@Sendable (Session) throws -> Void] = [
                { try $0.execute(Self.sleep) },
                { try $0.stream(Endless()) { _ in } },
                { try $0.copyOut("COPY (\(Endless.sql)) TO STDOUT") { _ in } },
            ]
            for body in bodies {
                let work = Task { try await subject.transaction(body) }
                try await untilActive(subject.backendPID, seenBy: observer)
                work.cancel()
                let error = try await postgresError { try await work.value }
                #expect(error.code == .cancelled)
                #expect(try await subject.session { try $0.one(Echo(value: true)) })
            }
            let waiting = Task {
                try await subject.session { session in
                    try session.listen("never")
                    return try session.notifications(until: .now + .seconds(600))
                }
            }
            try await eventually("the listener waits") {
                try await observer.session { try $0.first(BackendState(pid: subject.backendPID)) }
                    == "idle"
            }
            waiting.cancel()
            #expect(try await postgresError { try await waiting.value }.code == .cancelled)
            #expect(try await subject.session { try $0.one(Echo(value: true)) })
        }
    }

    @Test("a late cancel never hits the next one on the connection")
    func noStrayCancel() async throws {
        try await withPair { subject, _ in
            for _ in 0..<100 {
                // The request is on its way when the body returns, and the next one begins in
                // the same breath and runs long enough to be hit.
                try await subject.session { _ in subject.cancel() }
                let count = try await subject.session { session in
                    try session.query("SELECT count(*) FROM generate_series(1, 20000)").rows
                }
                #expect(count == [["20000"]])
            }
        }
    }

    @Test("past the deadline the query is stopped, the connection closed, the error timedOut")
    func deadline() async throws {
        try await withPair { subject, observer in
            let pid = subject.backendPID
            let error = try await postgresError {
                try await subject.transaction(deadline: .milliseconds(50)) { session in
                    try session.execute(Self.sleep)
                }
            }
            #expect(error.code == .timedOut)
            #expect(error.isConnectionGone)
            #expect(!subject.isUsable)
            try await untilGone(pid, seenBy: observer)
            let after = try await postgresError {
                try await subject.session { try $0.execute("SELECT 1") }
            }
            #expect(after.code == .closed)
        }
    }

    @Test("a backend killed while idle or busy is a lost connection")
    func killed() async throws {
        try await withPair { subject, observer in
            let work = Task { try await subject.session { try $0.execute(Self.sleep) } }
            try await untilActive(subject.backendPID, seenBy: observer)
            try await observer.session { try $0.one(Terminate(pid: subject.backendPID)) }
            let error = try await postgresError { try await work.value }
            #expect(error.code == .adminShutdown)
            #expect(error.sqlState == "57P01")
            #expect(error.isConnectionGone)
            #expect(!subject.isUsable)
        }
        try await withPair { subject, observer in
            #expect(subject.isUsable)
            try await observer.session { try $0.one(Terminate(pid: subject.backendPID)) }
            try await eventually("the goodbye arrives") { !subject.isUsable }
            let error = try await postgresError {
                try await subject.session { try $0.execute("SELECT 1") }
            }
            #expect(error.code == .adminShutdown || error.code == .connectionLost)
            #expect(error.isConnectionGone)
        }
    }

    @Test("a connection that can't be made says where to and what to check, without the password")
    func cannotConnect() async throws {
        let urls = [
            "postgresql://someone:hunter2@/nothing?host=/nonexistent",
            "host=127.0.0.1 port=1 password=hunter2 dbname=nothing",
            "postgresql://someone:hunter2@host:port:port/x",
        ]
        for url in urls {
            let error = try await postgresError {
                try await Connection.open(PostgresConfiguration(url: url))
            }
            #expect(error.code == .connectionFailed)
            #expect(!"\(error)".contains("hunter2"))
            #expect(!"\(PostgresConfiguration(url: url))".contains("hunter2"))
            #expect(error.message.contains("check") || error.message.contains("write it as"))
        }
        var wrong = try await TestServer.shared().configuration(database: "no_such_database")
        wrong.applicationName = "test"
        let error = try await postgresError { try await Connection.open(wrong) }
        #expect(error.message.contains("no_such_database"))
    }

    @Test("connecting to a server that accepts but never answers ends with the connect timeout")
    func silentServer() async throws {
        let silent = try SilentServer()
        var configuration = PostgresConfiguration(url: "host=\(silent.directory) port=5432")
        configuration.connectTimeout = .milliseconds(50)
        let error = try await postgresError { try await Connection.open(configuration) }
        #expect(error.code == .connectionFailed)
        #expect(error.message.contains("no answer in time"))
    }
}

@Suite("LISTEN and NOTIFY")
struct NotificationTests {
    @Test("a notification arrives with channel and payload; without one the deadline ends it")
    func notify() async throws {
        try await TestServer.shared().withScratchDatabase { configuration in
            let listener = try await Connection.open(configuration)
            let speaker = try await Connection.open(configuration)
            try await listener.session { try $0.listen("Odd \"name\"") }
            let none = try await listener.session { try $0.notifications(until: .now) }
            #expect(none.isEmpty)
            async let arrived = listener.session { session in
                try session.notifications(until: .now + .seconds(60))
            }
            try await speaker.session { try $0.execute("NOTIFY \"Odd \"\"name\"\"\", 'hello'") }
            let expected = PostgresNotification(
                channel: "Odd \"name\"", payload: "hello", backendPID: speaker.backendPID)
            #expect(try await arrived == [expected])
        }
    }
}
