import HTTPTypes
import Hummingbird
import LedgerModel

/// A call that the made-up provider received.
struct UpstreamCall: Sendable {
    let method: String
    let path: String
    let query: String
    let headers: HTTPFields
    let body: [UInt8]
    /// Without `Bearer `; empty without one.
    let key: String
    /// Nil for calls without a model.
    var model: String?
    let isAnthropic: Bool

    init(_ request: Request, body: [UInt8] = [], model: String? = nil) {
        method = request.method.rawValue
        path = request.uri.path
        query = request.uri.query ?? ""
        headers = request.headers
        self.body = body
        self.model = model
        isAnthropic = path.hasPrefix("/v1/messages") || headers[.anthropicVersion] != nil
        let bearer = headers[.authorization].map { text in
            text.hasPrefix("Bearer ") ? String(text.dropFirst(7)) : text
        }
        key = bearer ?? headers[.xAPIKey] ?? headers[.apiKey] ?? ""
    }
}

/// A call as `GET /_calls?full=1` shows it.
struct UpstreamRecord: Sendable {
    let number: Int
    let call: UpstreamCall
    /// Of what is wrong with it; 200 if nothing is.
    var status = 200

    /// So many of the latest calls are remembered.
    static let recordsMax = 1_000
    /// So much of each body is shown.
    static let bodyBytesMax = 64 << 10

    let body: [UInt8]
    let bodyBytes: Int
    private let digest: Digest?

    init(number: Int, _ call: UpstreamCall) {
        self.number = number
        bodyBytes = call.body.count
        let isLong = bodyBytes > Self.bodyBytesMax
        body = isLong ? Array(call.body.prefix(Self.bodyBytesMax)) : call.body
        digest = isLong ? Digest(hashing: call.body) : nil
        self.call = UpstreamCall(call, body: [])
    }

    var sha256: String {
        (digest ?? Digest(hashing: body)).bytes.reduce(into: "") { text, byte in
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
    }
}

extension UpstreamCall {
    fileprivate init(_ call: UpstreamCall, body: [UInt8]) {
        method = call.method
        path = call.path
        query = call.query
        headers = call.headers
        self.body = body
        key = call.key
        model = call.model
        isAnthropic = call.isAnthropic
    }
}

extension HTTPField.Name {
    static let anthropicVersion = name("anthropic-version")
    static let xAPIKey = name("x-api-key")
    static let apiKey = name("api-key")
    static let requestID = name("request-id")
    static let xRequestID = name("x-request-id")
    static let xShouldRetry = name("x-should-retry")

    private static func name(_ text: String) -> HTTPField.Name {
        HTTPField.Name(text) ?? .authorization
    }
}
