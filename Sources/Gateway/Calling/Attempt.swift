import HTTPTypes
import JSON
import LedgerModel
import NIOCore
import Providers
import Resilience
import Routing

/// One call to one candidate, from its first byte to its last.
struct Attempt: Sendable {
    /// Which of the request's calls it is; the first is 1.
    let number: Int
    let request: GatewayRequest
    let candidate: RouteCandidate
    let client: ProviderClient
    let expected: ExpectedUsage
    let form: CallForm
    /// Sets more money aside for a stream that grows.
    let cover: @Sendable (_ outputTokens: Int64) async throws -> Void

    /// The longest body of an answer that says that a call failed.
    static let errorBytesMax = 1 << 20

    /// Calls, and puts what may go to the caller into the sink.
    func run(into sink: AnswerSink) async -> AttemptEnd {
        let start = ContinuousClock.now
        var end = AttemptEnd(number, candidate)
        do {
            let stream = try await client.open(
                form.call(request, to: candidate, number), key: candidate.key)
            end.head = AttemptHead(
                number: number, candidate: candidate, status: stream.status,
                headers: stream.headers.all, after: .now - start)
            guard (200..<300).contains(stream.status) else {
                try await readRefusal(stream, &end)
                end.latency = .now - start
                return end
            }
            switch stream.headers["content-type"]?.prefix(while: { $0 != ";" }) {
            case "text/event-stream"?: try await relay(stream, into: sink, since: start, &end)
            case "application/json"?: try await readWhole(stream, &end)
            case nil where request.method == .head: end.rest = .whole(ByteBuffer())
            default: try await pass(stream, into: sink, since: start, &end)
            }
            end.hasAnswered = end.failure == nil && sink.claim(number)
        } catch {
            end.fail(error, isTaken: sink.isTaken(from: number))
            // It was sent, so that it may cost what was expected of its input.
            let wasSent = end.failure?.errorClass != .unreachable
            if !end.isMetered, wasSent { end.metered = reader.finish() }
        }
        end.latency = .now - start
        return end
    }

    private var reader: AnswerReader { reader(ofStream: false) }

    private func reader(ofStream isStream: Bool) -> AnswerReader {
        AnswerReader(
            request.api, prices: client.provider.prices, isStream: isStream, expected: expected,
            wasUsageAdded: form.addsUsage)
    }

    // MARK: What is read as a whole

    private func readRefusal(_ stream: ProviderStream, _ end: inout AttemptEnd) async throws {
        let failure = CallFailure(status: stream.status) { stream.headers[$0] }
        (end.failure, end.errorType) = (failure, Name("\(failure.errorClass)"))
        let body = try await collect(stream, upTo: Self.errorBytesMax)
        var reader = reader
        reader.readWhole(body)
        end.meter(reader)
        end.metered.usage = Usage()
        if let type = end.metered.errorType { end.errorType = type }
        end.rest = .whole(body)
    }

    private func readWhole(_ stream: ProviderStream, _ end: inout AttemptEnd) async throws {
        let body = try await collect(stream, upTo: client.provider.answerBytesMax)
        var reader = reader
        reader.readWhole(body)
        end.meter(reader)
        end.rest = .whole(body)
    }

    private func collect(_ stream: ProviderStream, upTo max: Int) async throws -> ByteBuffer {
        var body = ByteBuffer()
        try await stream.read { piece in
            guard body.readableBytes + piece.readableBytes <= max else {
                throw ProviderFault.tooLarge(client.provider.name, max: max)
            }
            body.add(piece)
        }
        return body
    }

    // MARK: What passes

    /// Passes the frames of a stream, as the relay says.
    private func relay(
        _ stream: ProviderStream, into sink: AnswerSink, since start: ContinuousClock.Instant,
        _ end: inout AttemptEnd
    ) async throws {
        var reader = reader(ofStream: true)
        var relay = StreamRelay(dropsUsage: form.dropsUsage, keepsUsage: form.tellsCost)
        var (broken, failed): ((any Error)?, (any Error)?) = (nil, nil)
        do {
            try await stream.read { piece in
                var passed = ByteBuffer()
                do { relay.accept(try reader.read(piece), &passed) } catch {
                    broken = error
                    throw error
                }
                if relay.failure != nil, !relay.hasOutput { throw FailedStream() }
                guard passed.readableBytes > 0 else { return }
                if end.timeToFirstToken == nil {
                    end.timeToFirstToken = .now - start
                    guard sink.claim(number), let head = end.head else { throw CancellationError() }
                    end.wasSeen = true
                    sink.begin(head)
                }
                try await sink.put(passed)
                try await cover(reader.outputTokensSoFar)
            }
        } catch { failed = broken ?? error }
        // Half an event of a stream that broke off would hide that it did.
        let rest = reader.rest()
        if failed == nil || relay.isEnded { relay.finish(rest) }
        end.meter(reader)
        end.rest = .frames(relay.last)
        if let failure = relay.failure { end.fail(saying: failure, end.metered.errorType) }
        // What comes after the last frame, or doesn't, is of no interest.
        if let failed, !relay.isEnded, relay.failure == nil { throw failed }
        if !relay.hasOutput, failed == nil, relay.failure == nil {
            throw ProviderFault.lost(client.provider.name, reason: "the stream has no output")
        }
    }

    /// Passes bytes that nobody reads here; the last piece waits for the books.
    private func pass(
        _ stream: ProviderStream, into sink: AnswerSink, since start: ContinuousClock.Instant,
        _ end: inout AttemptEnd
    ) async throws {
        var waiting = ByteBuffer()
        try await stream.read { piece in
            guard waiting.readableBytes > 0 else {
                waiting = piece
                return
            }
            if end.timeToFirstToken == nil {
                end.timeToFirstToken = .now - start
                guard sink.claim(number), let head = end.head else { throw CancellationError() }
                end.wasSeen = true
                sink.begin(head)
            }
            try await sink.put(waiting)
            waiting = piece
        }
        var reader = reader
        if !end.wasSeen { reader.readWhole(waiting) }
        end.meter(reader)
        end.rest = .whole(waiting)
    }
}

/// The provider says in its stream that it failed.
struct FailedStream: Error {}

/// The head of a provider's answer.
struct AttemptHead: Sendable {
    let number: Int
    let candidate: RouteCandidate
    let status: Int
    let headers: [(name: String, value: String)]
    /// From the call to here.
    let after: Duration
}

/// How a call ended.
struct AttemptEnd: Sendable {
    let number: Int
    let candidate: RouteCandidate
    var head: AttemptHead?
    var metered = MeteredAnswer(isReported: true)
    /// Whether its answer was read, however far.
    var isMetered = false
    /// Nil if it succeeded, or if it ended for a reason that is not the provider's.
    var failure: CallFailure?
    var errorType: Name?
    /// What is not the provider's fault: the caller left, another call was faster, a budget is full.
    var interruption: (any Error)?
    var latency = Duration.zero
    var timeToFirstToken: Duration?
    /// Whether its answer is the request's.
    var hasAnswered = false
    /// Whether the caller has got some of it.
    var wasSeen = false
    var rest = Rest.nothing
    /// Whether `rest` has the provider's own word for the failure.
    var hasErrorFrame = false

    /// What the caller gets after the booking.
    enum Rest: Sendable {
        case nothing
        case whole(ByteBuffer)
        case frames([StreamFrame])
    }

    init(_ number: Int, _ candidate: RouteCandidate) {
        self.number = number
        self.candidate = candidate
    }

    /// Takes what is known of the usage.
    mutating func meter(_ reader: consuming AnswerReader) {
        metered = reader.finish()
        isMetered = true
    }

    /// The call ended with an error.
    mutating func fail(_ error: any Error, isTaken: Bool) {
        switch error {
        case ProviderFault.unreachable: failure = CallFailure(.unreachable)
        case ProviderFault.tooLarge, is UnreadableStream: failure = CallFailure(.broken)
        case ProviderFault.lost: failure = CallFailure(.lost)
        case is CancellationError where isTaken: errorType = "hedged"
        case is CancellationError: errorType = "client_closed_request"
        default: errorType = "budget_exceeded"
        }
        if let failure { errorType = Name("\(failure.errorClass)") } else { interruption = error }
    }

    /// The stream had an event of the provider's that says so.
    mutating func fail(saying frame: StreamFrame, _ type: Name?) {
        let failedBy: ErrorClass =
            switch type?.string {
            case "rate_limit_error"?, "rate_limit_exceeded"?, "tokens"?, "requests"?: .limited
            case "overloaded_error"?: .overloaded
            case "invalid_request_error"?: .refused
            default: .broken
            }
        failure = CallFailure(failedBy)
        errorType = type ?? Name("\(failedBy)")
        hasErrorFrame = true
        if !wasSeen { rest = .frames([frame]) }
    }
}
