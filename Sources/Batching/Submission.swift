package import Resilience

/// Who submits: requests of one tenant share calls and a fair part of each queue.
///
/// The caller numbers tenants, such as a team of a ledger, and gives no two the same number.
package struct Tenant: Hashable, Sendable {
    package let number: Int

    package init(_ number: Int) {
        self.number = number
    }
}

/// How much something is, in the three measures that queues are bounded in.
package struct Amount: Hashable, Sendable {
    package var requests: Int
    package var tokens: Int
    package var bytes: Int

    package init(requests: Int = 0, tokens: Int = 0, bytes: Int = 0) {
        self.requests = requests
        self.tokens = tokens
        self.bytes = bytes
    }

    package static func + (a: Amount, b: Amount) -> Amount {
        Amount(
            requests: a.requests + b.requests, tokens: a.tokens + b.tokens,
            bytes: a.bytes + b.bytes)
    }

    package static func - (a: Amount, b: Amount) -> Amount {
        Amount(
            requests: a.requests - b.requests, tokens: a.tokens - b.tokens,
            bytes: a.bytes - b.bytes)
    }

    package static func += (a: inout Amount, b: Amount) { a = a + b }
    package static func -= (a: inout Amount, b: Amount) { a = a - b }

    /// Whether it is no more than another in each measure.
    package func fits(in other: Amount) -> Bool {
        requests <= other.requests && tokens <= other.tokens && bytes <= other.bytes
    }
}

/// Thirty-two bytes that stand for a text, such as its SHA-256.
package struct Digest: Hashable, Sendable {
    package let words: (UInt64, UInt64, UInt64, UInt64)

    package init(_ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64) {
        words = (a, b, c, d)
    }

    package static func == (a: Digest, b: Digest) -> Bool { a.words == b.words }

    package func hash(into hasher: inout Hasher) {
        // One word of a digest is as random as all of them.
        hasher.combine(words.0)
    }
}

/// With which other requests a request may share a call.
package struct Sharing: Hashable, Sendable {
    /// Of the whole request as it would be sent.
    package let request: Digest
    /// The same request always has the same answer, or the caller accepts another one's.
    package let isDeterministic: Bool
    /// Of the `Idempotency-Key`.
    package let idempotencyKey: Digest?
    /// The client sends it again (`x-stainless-retry-count` above 0), so that an answer to what it
    /// sent before is what it waits for.
    package let isClientRetry: Bool

    package init(
        request: Digest, isDeterministic: Bool = false, idempotencyKey: Digest? = nil,
        isClientRetry: Bool = false
    ) {
        self.request = request
        self.isDeterministic = isDeterministic
        self.idempotencyKey = idempotencyKey
        self.isClientRetry = isClientRetry
    }
}

/// A request, as far as it must be known to schedule it; its body stays with the caller.
package struct Submission: Sendable {
    /// The index of a lane in `BatchingPolicy.lanes`.
    package var lane: Int
    package var tenant: Tenant
    /// The index of a class in `BatchingPolicy.classes`.
    package var priority: Int
    /// When an answer is of no more use; nil if it always is.
    package var deadline: Moment?
    /// Input and the output that is expected.
    package var tokens: Int
    /// What the caller keeps in memory for it.
    package var bytes: Int
    /// Nil if it never shares.
    package var sharing: Sharing?
    /// Hashes of ever longer beginnings of the prompt, the shortest first.
    ///
    /// Equal hashes mean equal beginnings, as in the block hashes of a prefix cache.
    package var prefix: [UInt64]

    package init(
        lane: Int, tenant: Tenant, priority: Int = 0, deadline: Moment? = nil, tokens: Int,
        bytes: Int, sharing: Sharing? = nil, prefix: [UInt64] = []
    ) {
        self.lane = lane
        self.tenant = tenant
        self.priority = priority
        self.deadline = deadline
        self.tokens = tokens
        self.bytes = bytes
        self.sharing = sharing
        self.prefix = prefix
    }

    var amount: Amount { Amount(requests: 1, tokens: tokens, bytes: bytes) }
}

/// A submitted request that waits for its outcome.
package struct Ticket: Hashable, Sendable {
    let handle: UInt64
}

/// A call to an upstream.
package struct CallID: Hashable, Sendable {
    let handle: UInt64
}
