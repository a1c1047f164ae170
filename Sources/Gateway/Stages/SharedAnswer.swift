package import HTTPTypes
package import LedgerModel
package import NIOCore

/// How a request is called, as the stages that share calls need it.
///
/// `alone` does everything from the choice of a provider to the books: it calls, reads the usage,
/// books, and only then gives the end of the answer. It runs at most once, and not at all for those
/// who share another one's; so what must be undone without it is best begun in it. It may run in
/// another task than the request's, and goes on when the request's caller has left while others
/// share it; it is cancelled when nobody does.
package struct StagedCall: Sendable {
    package let alone: @Sendable (GatewayRequest) async throws -> BookedAnswer
    /// Nil where nothing is merged.
    package var merged: MergedCall?

    package init(
        merged: MergedCall? = nil,
        alone: @escaping @Sendable (GatewayRequest) async throws -> BookedAnswer
    ) {
        self.alone = alone
        self.merged = merged
    }

    /// An answer of a call, and afterwards what was booked for it.
    package struct BookedAnswer: Sendable {
        package var answer: GatewayAnswer
        /// Asked when the body has come to its end; nil if nothing was booked.
        package var booked: @Sendable () -> Served?

        package init(
            _ answer: GatewayAnswer, booked: @escaping @Sendable () -> Served? = { nil }
        ) {
            self.answer = answer
            self.booked = booked
        }
    }

    /// What an answer was, for those who get it without paying.
    package struct Served: Sendable {
        package var usage: Usage
        package var provider: Name?
        package var model: Name?
        package var requestID: EventID

        package init(usage: Usage, provider: Name?, model: Name?, requestID: EventID) {
            self.usage = usage
            self.provider = provider
            self.model = model
            self.requestID = requestID
        }
    }

    /// One call for several requests for embeddings, each booked for itself.
    package struct MergedCall: Sendable {
        /// Sets the request's money aside before the call; one that throws is left out of it.
        package let open: @Sendable () async throws -> any Sendable
        /// Gives that back, since the call failed; the request is called once more, or alone.
        package let abandon: @Sendable (_ opened: any Sendable) async -> Void
        /// Calls with the merged body, and books nothing.
        package let call: @Sendable (GatewayRequest) async throws -> Unbooked
        /// Books this request's part of a call that was made by it or by another one, and makes
        /// the answer of it.
        ///
        /// The body is the caller's own, with its part of the usage.
        package let book:
            @Sendable (_ opened: any Sendable, Unbooked, _ body: ByteBuffer) async throws ->
                BookedAnswer

        package init(
            open: @escaping @Sendable () async throws -> any Sendable,
            abandon: @escaping @Sendable (any Sendable) async -> Void,
            call: @escaping @Sendable (GatewayRequest) async throws -> Unbooked,
            book:
                @escaping @Sendable (any Sendable, Unbooked, ByteBuffer) async throws ->
                BookedAnswer
        ) {
            self.open = open
            self.abandon = abandon
            self.call = call
            self.book = book
        }
    }

    /// A whole answer that nobody was charged for yet.
    package struct Unbooked: Sendable {
        package var status: Int
        package var headers: HTTPFields
        package var body: ByteBuffer
        /// The provider by the name that prices have for it.
        package var provider: Name?
        /// What the pipeline knows of the call besides, such as what failed before.
        package var facts: any Sendable

        package init(
            status: Int, headers: HTTPFields, body: ByteBuffer, provider: Name? = nil,
            facts: any Sendable
        ) {
            self.status = status
            self.headers = headers
            self.body = body
            self.provider = provider
            self.facts = facts
        }
    }
}

/// An answer, and whether others share it.
package struct SharedAnswer: Sendable {
    package var answer: GatewayAnswer
    package var role = Role.alone
    /// How long the request waited before its call began.
    package var waited: Duration = .zero

    package enum Role: Sendable, Equatable {
        /// It was called for this request.
        case alone
        /// It was called together with so many others.
        case merged(requests: Int)
        /// It was called for another request, which pays for it; this one has nothing to book but
        /// what it saved, and that is done.
        case follower(of: EventID)
    }

    package init(_ answer: GatewayAnswer, role: Role = .alone, waited: Duration = .zero) {
        self.answer = answer
        self.role = role
        self.waited = waited
    }
}
