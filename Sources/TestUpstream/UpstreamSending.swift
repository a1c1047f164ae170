import HTTPTypes
import Hummingbird
import JSON
import Logging
import NIOCore

/// A call, with its connection.
struct UpstreamContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}

struct ConnectionDropped: Error {}

/// Sends an answer in its shape.
struct UpstreamSending: Sendable {
    private let isAnthropic: Bool
    private let course: UpstreamCourse
    private let underWay: TestUpstream.UnderWay

    init(_ call: UpstreamCall, _ course: UpstreamCourse, _ underWay: TestUpstream.UnderWay) {
        isAnthropic = call.isAnthropic
        self.course = course
        self.underWay = underWay
    }

    private var shape: UpstreamShape { course.shape }

    private func headers(_ type: String) -> HTTPFields {
        var headers: HTTPFields = [.contentType: type]
        headers[isAnthropic ? .requestID : .xRequestID] = course.requestID
        course.limits?.add(to: &headers, isAnthropic: isAnthropic)
        return headers
    }

    func failed(_ failure: UpstreamFailure) -> Response {
        var headers = headers("application/json")
        if let seconds = failure.retryAfter { headers[.retryAfter] = "\(seconds)" }
        if let retry = failure.shouldRetry { headers[.xShouldRetry] = "\(retry)" }
        let body = failure.body(isAnthropic: isAnthropic, requestID: course.requestID)
        return Response(
            status: .init(code: failure.status), headers: headers,
            body: .init(byteBuffer: ByteBuffer(string: body)))
    }

    /// An answer that is not streamed: where a stream has a middle, so has its text.
    func whole(_ text: String) -> Response {
        let headers = headers("application/json")
        let body = ByteBuffer(string: text)
        if shape.isPlain {
            return Response(status: .ok, headers: headers, body: .init(byteBuffer: body))
        }
        let middle = body.readableBytes / 2
        let halves = [
            body.getSlice(at: 0, length: middle),
            body.getSlice(at: middle, length: body.readableBytes - middle),
        ]
        let at: [UpstreamShape.Place: Int] = [.start: 0, .first: 0, .middle: 1, .usage: 1, .end: 2]
        return send(
            halves.compactMap(\.self), headers, delayed: [], length: body.readableBytes
        ) { at[$0] ?? 0 }
    }

    func stream(_ frames: [UpstreamFrame], delay: Duration) -> Response {
        let headers = headers(shape.isMislabelled ? "text/plain" : "text/event-stream")
        var pieces = frames.map(\.bytes)
        if shape.hasCarriageReturns {
            pieces = pieces.map {
                ByteBuffer(string: String(buffer: $0).replacing("\n", with: "\r\n"))
            }
        }
        let delayed =
            delay == .zero
            ? [] : frames.map { $0.kind == .output || $0.kind == .thinking ? delay : .zero }
        return send(
            pieces, headers, delayed: delayed,
            length: shape.lengthOff == 0 ? nil : pieces.reduce(0) { $0 + $1.readableBytes }
        ) { frames.index(of: $0) }
    }

    /// - Parameters:
    ///   - delayed: the silence before each piece; empty without any.
    ///   - length: of all pieces; nil to send them without saying it.
    ///   - index: before which piece a place is.
    private func send(
        _ pieces: [ByteBuffer], _ headers: HTTPFields, delayed: [Duration], length: Int?,
        index: (UpstreamShape.Place) -> Int
    ) -> Response {
        let (shape, underWay) = (shape, underWay)
        let (cut, stall) = (shape.cut.map(index), shape.stall.map(index))
        let said = length.map { max(0, $0 + shape.lengthOff) }
        return Response(
            status: .ok, headers: headers,
            body: .init(contentLength: said) { writer in
                for (number, piece) in pieces.enumerated() {
                    if number == stall {
                        try await Task.sleep(for: .milliseconds(shape.stallMilliseconds))
                    }
                    if number == cut { throw ConnectionDropped() }
                    if !delayed.isEmpty, delayed[number] > .zero {
                        try await Task.sleep(for: delayed[number])
                    }
                    for part in Self.parts(of: piece, in: shape) {
                        try await writer.write(part)
                        if shape.pieceMicroseconds > 0 {
                            try await Task.sleep(for: .microseconds(shape.pieceMicroseconds))
                        }
                    }
                }
                if cut == pieces.count { throw ConnectionDropped() }
                // What was promised never comes.
                if let length, let said, said > length { throw ConnectionDropped() }
                try await writer.finish(nil)
                withExtendedLifetime(underWay) {}
            })
    }

    private static func parts(of piece: ByteBuffer, in shape: UpstreamShape) -> [ByteBuffer] {
        if shape.pieceBytes == 0 { return [piece] }
        var (rest, parts) = (piece, [ByteBuffer]())
        while rest.readableBytes > 0,
            let part = rest.readSlice(length: min(shape.pieceBytes, rest.readableBytes))
        {
            parts.append(part)
        }
        return parts
    }
}

extension JSONWriter {
    /// A call as its record shows it: text where its body is text.
    mutating func record(_ record: UpstreamRecord) {
        object { json in
            json.field("number", record.number)
            json.field("method", record.call.method)
            json.field("path", record.call.path)
            json.field("query", record.call.query)
            json.field("key", record.call.key)
            json.field("model", record.call.model)
            json.field("status", record.status)
            json.key("headers")
            json.array(of: record.call.headers) { json, field in
                json.array(of: [field.name.rawName, field.value]) { $0.value($1) }
            }
            json.field("bytes", record.bodyBytes)
            json.field("sha256", record.sha256)
            json.field("body", String(validating: record.body, as: UTF8.self))
        }
    }
}
