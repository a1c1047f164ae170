package import HTTPTypes
package import NIOCore

/// What a caller gets.
package struct GatewayAnswer: Sendable {
    package var status: Int
    package var headers: HTTPFields
    package var body: Body
    /// Tells a running answer that its caller has left, which no write may notice for long.
    package var leave: (@Sendable () -> Void)?

    package enum Body: Sendable {
        case whole(ByteBuffer)
        /// Written piece by piece; the writer throws when the caller has left.
        case stream(@Sendable (_ write: (ByteBuffer) async throws -> Void) async throws -> Void)
        /// An error of our own, which the server words in the caller's dialect.
        case refusal(any Error)
    }

    package init(status: Int, headers: HTTPFields = [:], body: Body) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A refusal; the status follows from the error.
    package init(refusing error: any Error, headers: HTTPFields = [:]) {
        self.init(status: 500, headers: headers, body: .refusal(error))
    }
}
