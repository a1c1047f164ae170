import HummingbirdTesting
import NIOCore
import Server
import Testing
import WireTesting

@Suite("Time-outs of connections")
struct ConnectionTimesTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private let limits = ConnectionTimes.Limits()

    private func after(_ time: TimeAmount) -> NIODeadline { start + time }

    @Test("a connection without a request may stay idle, from the last answer on")
    func idle() {
        var times = ConnectionTimes(limits, at: start)
        #expect(times.deadline == after(limits.idle))
        times.receiveBytes(at: start)
        times.receiveHead(at: start)
        times.receiveEnd()
        #expect(times.deadline == .distantFuture, "an answer may take its time")
        times.finishAnswer(at: after(.seconds(100)))
        #expect(times.deadline == after(.seconds(100)) + limits.idle)
    }

    @Test("a head has to end soon after its first byte, however often another one comes")
    func head() {
        var times = ConnectionTimes(limits, at: start)
        times.receiveBytes(at: start)
        times.receiveBytes(at: after(.seconds(10)))
        #expect(times.deadline == after(limits.head))
    }

    @Test("a body may neither fall silent nor drip for ever")
    func body() {
        var times = ConnectionTimes(limits, at: start)
        times.receiveHead(at: start)
        #expect(times.deadline == after(limits.body))
        times.askForMore(at: after(.seconds(1)))
        #expect(times.deadline == after(.seconds(1)) + limits.bodySilence)
        times.receiveBody()
        times.askForMore(at: after(.minutes(9)))
        #expect(times.deadline == after(.minutes(9)) + limits.bodySilence)
        times.receiveBody()
        times.askForMore(at: after(limits.body) - .seconds(1))
        #expect(times.deadline == after(limits.body))
    }

    @Test("a client has to read what it is sent")
    func writing() {
        var times = ConnectionTimes(limits, at: start)
        times.receiveHead(at: start)
        times.receiveEnd()
        times.changeWritability(to: false, at: start)
        #expect(times.deadline == after(limits.writeSilence))
        times.changeWritability(to: true, at: after(.seconds(5)))
        #expect(times.deadline == .distantFuture)
    }

    /// Limits that a test can wait for.
    private static var short: ServerLimits {
        var limits = ServerLimits()
        limits.times.idle = .milliseconds(400)
        limits.times.head = .milliseconds(300)
        limits.times.bodySilence = .milliseconds(300)
        limits.times.writeSilence = .milliseconds(300)
        return limits
    }

    @Test(
        "a silent, a dripping and a stalled client are cut off, and others are served meanwhile",
        .timeLimit(.minutes(1)),
        arguments: [
            "", "GET /healthz HTTP/1.1\r\nhost: localh",
            "POST /api/v1/events HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
                + "content-length: 100\r\n\r\n[",
            "POST /api/v1/events HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
                + "transfer-encoding: chunked\r\n\r\n1\r\n[\r\n",
        ])
    func stalled(_ text: String) async throws {
        try await InProcess.with(limits: Self.short, over: .live) { service in
            let isClosed = try await RawConnection.with(port: service.client.port) { connection in
                connection.send(text)
                return connection.isClosed()
            }
            #expect(isClosed)
            // A connection of its own: an idle one of the client would be cut off as well.
            let other = try await RawConnection.with(port: service.client.port) { connection in
                connection.send("GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n")
                return connection.answer()
            }
            #expect(other.hasPrefix("HTTP/1.1 200"))
            while service.parts.memory.bytesHeld > 0 { await Task.yield() }
        }
    }

    @Test(
        "a client that does not read its answer is cut off, and its memory is given back",
        .timeLimit(.minutes(1)))
    func slowReader() async throws {
        try await InProcess.with(limits: Self.short, over: .live) { service in
            let query = "SELECT repeat('x', 1000) AS a FROM generate_series(1, 30000)"
            let body = #"{"query":"\#(query)","limit":100000}"#
            let isFull = try await RawConnection.with(port: service.client.port) { connection in
                connection.send(
                    "POST /api/v1/sql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
                        + "content-length: \(body.utf8.count)\r\n\r\n\(body)")
                // Once the answer begins, it is held; then the service gives up.
                return connection.waitForAnswer()
            }
            #expect(isFull)
            while service.parts.memory.bytesHeld > 0 { await Task.yield() }
        }
    }

    @Test(
        "chunks with wrong sizes are 400",
        arguments: ["zz\r\n[]\r\n0\r\n\r\n", "-1\r\n[]\r\n", "fffffffffffffffffff\r\n[]\r\n"])
    func chunks(_ chunks: String) async throws {
        try await InProcess.with(over: .live) { service in
            for path in ["/api/v1/events", "/api/v1/sql", "/v1/traces"] {
                let answer = try await RawConnection.with(port: service.client.port) { connection in
                    connection.send(
                        "POST \(path) HTTP/1.1\r\nhost: localhost\r\n"
                            + "content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
                            + chunks)
                    return connection.answer()
                }
                #expect(answer.hasPrefix("HTTP/1.1 400"), "\(path): \(answer)")
            }
        }
    }
}
