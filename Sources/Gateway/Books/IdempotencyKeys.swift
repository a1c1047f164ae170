package import LedgerModel
package import Postgres
import Synchronization

/// Answers by the `Idempotency-Key` of their requests, shared by all instances.
package final class IdempotencyKeys: Sendable {
    private let pool: Pool
    private let now: @Sendable () -> Timestamp

    /// The longest key, in bytes.
    package static let keyBytesMax = 255
    /// The largest answer that is kept, in bytes.
    package static let answerBytesMax = 1 << 20

    package init(pool: Pool, now: @escaping @Sendable () -> Timestamp) {
        self.pool = pool
        self.now = now
    }

    package enum Begun: Sendable {
        /// Nobody used the key before: the request is made, and `end` is called.
        case new(Token)
        /// The answer to the same request, as it was; nothing is charged.
        case replay(GatewayAnswer)
        /// 400, 409 or 422, with the sentence for the caller.
        case refused(IdempotencyRefusal)
    }

    /// A key that is this request's until it ends.
    package struct Token: Sendable {
        let ledger: LedgerID
        let digest: Digest
        let claim: EventID
    }

    /// - Parameters:
    ///   - caller: whose key it is: others may use the same word.
    ///   - path: of the call; the same key on another one is another request.
    /// - Throws: if the database is away.
    package func begin(
        key: String, in ledger: LedgerID, of caller: EventID?, path: String, body: [UInt8],
        claim: EventID
    ) async throws -> Begun {
        .new(Token(ledger: ledger, digest: Digest(hashing: body), claim: claim))
    }

    /// Keeps the answer for a day, or frees the key for another try.
    ///
    /// - Parameter answer: its status, headers and whole body; nil for one that is not to be kept: that
    ///   failed, or broke off.
    package func end(_ token: Token, answer: GatewayAnswer?) async {}
}

/// Why a request with an `Idempotency-Key` is not made.
package struct IdempotencyRefusal: Fault, Hashable {
    package enum Reason: String, Sendable {
        case keyInvalid = "idempotency_key_invalid"
        case isRunning = "idempotency_key_in_use"
        case isOther = "idempotency_key_reused"
        case isTooLarge = "idempotency_answer_not_kept"
    }

    package let reason: Reason

    package init(_ reason: Reason) {
        self.reason = reason
    }

    /// As the draft of the HTTP working group asks.
    package var status: Int {
        switch reason {
        case .keyInvalid: 400
        case .isRunning, .isTooLarge: 409
        case .isOther: 422
        }
    }

    package var kind: FaultKind {
        switch reason {
        case .isRunning, .isTooLarge: .conflict
        case .keyInvalid, .isOther: .invalid
        }
    }

    package var param: String? { "Idempotency-Key" }

    package var description: String {
        switch reason {
        case .keyInvalid:
            "Idempotency-Key must have 1 to \(IdempotencyKeys.keyBytesMax) printable characters"
        case .isRunning:
            "a request with this Idempotency-Key is running: wait for its answer, then try again"
        case .isOther:
            "this Idempotency-Key was used for another request: give each request its own"
        case .isTooLarge:
            "the request with this Idempotency-Key has succeeded, but its answer was too large to be "
                + "kept: use another key to make it once more"
        }
    }
}
