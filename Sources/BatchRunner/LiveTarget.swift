import NIOCore
package import Providers
import Resilience

/// How requests are called, for a lane or for one request: whoever makes a batcher says.
package struct LiveTarget: Sendable {
    /// Calls for one request, and hands on what comes; a `CallFailure` that is thrown says of what
    /// kind it is.
    package typealias Alone =
        @Sendable (
            _ body: [UInt8], _ received: ([UInt8]) async throws -> Void
        ) async throws -> Void

    let alone: Alone
    let merged: Merged?

    /// - Parameter merged: nil if each request is called for itself.
    package init(merged: Merged? = nil, alone: @escaping Alone) {
        self.alone = alone
        self.merged = merged
    }

    /// One call for several requests.
    package struct Merged: Sendable {
        /// Requests merge with those of the same kind.
        let kind: String
        /// What each request needs before the call, such as its money; one that throws is left out.
        let begin: @Sendable () async throws -> Void
        /// Takes that back, since the call failed; another one may follow.
        let undo: @Sendable () async -> Void
        let call: @Sendable (_ body: [UInt8], _ formed: Formed) async throws -> Answer
        /// Makes a request's own answer of its part.
        let part: @Sendable (Answer, _ body: [UInt8]) async throws -> [UInt8]

        package init(
            kind: String = "", begin: @escaping @Sendable () async throws -> Void = {},
            undo: @escaping @Sendable () async -> Void = {},
            call: @escaping @Sendable (_ body: [UInt8], _ formed: Formed) async throws -> Answer,
            part: @escaping @Sendable (Answer, _ body: [UInt8]) async throws -> [UInt8]
        ) {
            self.kind = kind
            self.begin = begin
            self.undo = undo
            self.call = call
            self.part = part
        }
    }

    /// The answer to a merged call.
    package struct Answer: Sendable {
        package var body: [UInt8]
        /// Whether it is one for all, such as an error that none of them is the reason of.
        package var isForAll: Bool
        /// What whoever called knows of it besides.
        package var facts: (any Sendable)?

        package init(_ body: [UInt8], isForAll: Bool = false, facts: (any Sendable)? = nil) {
            self.body = body
            self.isForAll = isForAll
            self.facts = facts
        }
    }

    /// What a call was made of.
    package struct Formed: Sendable {
        package var requests: Int
        /// Requests that share the answers of those.
        package var duplicates: Int
        /// Of the one that waited longest.
        package var waited: Duration
        /// Whether it has as many requests as calls of its lane have now.
        package var isFull: Bool
    }
}

extension LiveTarget {
    /// Calls a provider at a path, with its first key.
    package init(_ client: ProviderClient, _ path: String) {
        @Sendable func check(_ status: Int, _ headers: HTTPHeadersView) throws(CallFailure) {
            guard (200..<300).contains(status) else {
                throw CallFailure(status: status) { headers[$0] }
            }
        }
        let merged = Merged { body, _ in
            let answer = try await client.call(ProviderCall(post: path, json: body))
            try check(answer.status, answer.headers)
            return Answer(answer.body)
        } part: { _, body in
            body
        }
        self.init(merged: merged) { body, received in
            let stream = try await client.open(ProviderCall(post: path, json: body))
            try check(stream.status, stream.headers)
            var bytes = 0
            let max = client.provider.answerBytesMax
            try await stream.read { piece in
                bytes += piece.readableBytes
                guard bytes <= max else {
                    throw ProviderFault.tooLarge(client.provider.name, max: max)
                }
                try await received(Array(piece.readableBytesView))
            }
        }
    }
}
