import HTTPTypes
import JSON
import LedgerModel
import NIOCore
import Resilience

/// The last of an answer, which goes out when the charge is booked.
struct AnswerEnding: Sendable {
    private enum Form {
        /// The caller has seen nothing yet.
        case whole(GatewayAnswer)
        /// The caller has seen the beginning.
        case rest(ByteBuffer)
        /// It broke off, which the caller must learn.
        case broken(any Error)
    }

    private let form: Form
    private let isSuccess: Bool
    private let isStream: Bool
    private let head: AttemptHead?
    private let life: RequestLife
    private let comment: String

    init(
        _ life: RequestLife, _ result: Failover.Result, _ booked: BookedRequest, tellsCost: Bool
    ) {
        self.life = life
        let last = result.last
        head = last?.head
        comment = booked.comment(life.request.id)
        isSuccess = last?.hasAnswered == true && last?.failure == nil
        let cost = tellsCost ? booked.cost : nil
        let body: ByteBuffer?
        switch last?.rest {
        case .whole(let whole)?:
            (body, isStream) = (cost.map { whole.telling(cost: $0) } ?? whole, false)
        case .frames(let frames)?:
            isStream = true
            // A stream that broke off behind output has no last frame.
            body =
                isSuccess || last?.hasErrorFrame == true
                ? frames.bytes(telling: cost) : nil
        case .nothing?, nil: (body, isStream) = (nil, false)
        }
        guard let body, let last, let head else {
            form = .broken(result.fault)
            return
        }
        if last.wasSeen {
            form = .rest(body)
        } else {
            var answer = GatewayAnswer(
                status: head.status, headers: life.headers(of: head, remaining: nil),
                body: .whole(body))
            answer.headers.add(booked)
            form = .whole(answer)
        }
    }

    /// Lets it go.
    func finish(_ pipe: AnswerPipe) {
        switch form {
        case .whole(var answer):
            guard case .whole(var body) = answer.body else { return }
            let event = isStream ? body : ErrorEvent.bytes(passing: body, for: life.request.api)
            if isStream { body.writeString(comment) }
            answer.body = .whole(body)
            pipe.finish(answer, orEvent: event.followed(by: comment))
        case .rest(let bytes):
            pipe.finish(isStream ? bytes.followed(by: comment) : bytes)
        case .broken(let error):
            pipe.finish(
                GatewayAnswer(refusing: error, headers: life.headers),
                orEvent: ErrorEvent.bytes(of: error, for: life.request.api)
                    .followed(by: comment))
        }
    }

    /// The whole answer, for whoever asks for the same again.
    func recorded(_ sink: AnswerSink) -> GatewayAnswer? {
        guard isSuccess, let head else { return nil }
        switch form {
        case .whole(let answer): return life.isRecorded ? answer : nil
        case .rest(let bytes):
            sink.record(bytes)
            return sink.recorded.map {
                GatewayAnswer(
                    status: head.status, headers: life.headers(of: head, remaining: nil),
                    body: .whole($0))
            }
        case .broken: return nil
        }
    }
}

extension Failover.Result {
    /// Why there is no answer.
    var fault: any Error {
        last?.failure ?? last?.interruption ?? CallFailure(.unreachable)
    }

    /// What the books have as the request's status.
    var status: Int {
        guard let last else { return 503 }
        if last.interruption is CancellationError { return Self.callerGone }
        if let head = last.head, last.failure == nil || last.failure?.status != nil {
            return last.interruption == nil ? head.status : 402
        }
        return last.failure?.errorClass == .limited ? 429 : 502
    }

    /// As nginx calls a caller who left.
    private static let callerGone = 499
}

extension ByteBuffer {
    fileprivate func followed(by text: String) -> ByteBuffer {
        var bytes = self
        bytes.writeString(text)
        return bytes
    }

    /// A whole answer with the cost in its usage.
    fileprivate func telling(cost: Picodollars) -> ByteBuffer {
        guard var splice = try? JSONSplice(Array(readableBytesView)) else { return self }
        splice.set("cost", inside: ["usage"], to: cost.description)
        return ByteBuffer(bytes: splice.bytes)
    }

    /// An event with the cost in the usage of its data, if it has one.
    fileprivate func eventTelling(cost: Picodollars) -> ByteBuffer {
        let bytes = readableBytesView
        guard let start = bytes.firstIndex(of: UInt8(ascii: "{")),
            let end = bytes.lastIndex(of: UInt8(ascii: "}")),
            var splice = try? JSONSplice(Array(bytes[start...end]))
        else { return self }
        splice.set("cost", inside: ["usage"], to: cost.description)
        splice.set("cost", inside: ["response", "usage"], to: cost.description)
        return ByteBuffer(bytes: Array(bytes[..<start]) + splice.bytes + bytes[(end + 1)...])
    }
}

extension [StreamFrame] {
    fileprivate func bytes(telling cost: Picodollars?) -> ByteBuffer {
        reduce(into: ByteBuffer()) { bytes, frame in
            bytes.add(cost.map { frame.bytes.eventTelling(cost: $0) } ?? frame.bytes)
        }
    }
}
