package import HTTPTypes
package import NIOCore

/// What a caller gets.
package struct GatewayAnswer: Sendable {
    package var status: Int
    package var headers: HTTPFields
    package var body: Body

    package enum Body: Sendable {
        case whole(ByteBuffer)
        /// Written piece by piece; the writer throws when the caller has left.
        case stream(@Sendable (_ write: (ByteBuffer) async throws -> Void) async throws -> Void)
    }

    package init(status: Int, headers: HTTPFields = [:], body: Body) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
