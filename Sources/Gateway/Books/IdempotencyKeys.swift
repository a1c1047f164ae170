import HTTPTypes
import JSON
package import LedgerModel
import NIOCore
package import Postgres
import Synchronization

/// Answers by the `Idempotency-Key` of their requests, after the HTTP working group's draft.
///
/// All instances share them through the database. A key belongs to the request that claims it first; while
/// that runs, its instance renews the claim, so that the key of a killed one is free again soon. An answer
/// that succeeded is kept for a day.
package final class IdempotencyKeys: Sendable {
    private let pool: Pool
    private let now: @Sendable () -> Timestamp
    /// What runs here.
    private let running = Mutex<[EventID: Token]>([:])

    /// The longest key, in bytes.
    package static let keyBytesMax = 255
    /// The largest answer that is kept, in bytes.
    package static let answerBytesMax = 1 << 20
    /// Bytes of answers that are kept of a ledger; the oldest go first.
    package static let keptBytesMax: Int64 = 1 << 30
    private static let headersBytesMax = 8_192
    static let keptMicroseconds = Timestamp.dayMicroseconds
    /// How long a claim holds unless it is renewed.
    static let claimMicroseconds: Int64 = 60_000_000
    private static let renewalPause: Duration = .seconds(15)
    /// Renewals between two looks at what is to be dropped.
    private static let renewalsPerSweep = 40
    /// Attempts to keep an answer while the database is away.
    private static let triesMax = 5

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
        let key: Digest
        let request: Digest
        let claim: EventID
    }

    /// What is known of a key.
    struct Known: Sendable {
        let request: Digest
        let status: Int32?
        let headers: String?
        let body: [UInt8]?
    }

    /// - Parameters:
    ///   - caller: whose key it is: others may use the same word.
    ///   - path: of the call; the same key on another one is another request.
    ///   - claim: the request's own id.
    /// - Throws: if the database is away.
    package func begin(
        key: String, in ledger: LedgerID, of caller: EventID?, path: String, body: [UInt8],
        claim: EventID
    ) async throws -> Begun {
        guard Self.isUsable(key) else { return .refused(.init(.keyInvalid)) }
        let token = Token(
            ledger: ledger, key: Self.digest(caller?.description ?? "", key.utf8),
            request: Self.digest(path, body), claim: claim)
        let take = ClaimKey(token: token, now: now())
        let find = FindKey(token: token)
        // A key that was there may be gone before it is looked at.
        for _ in 0..<Self.triesMax {
            if try await pool.session({ try $0.first(take) }) != nil {
                running.withLock { $0[claim] = token }
                return .new(token)
            }
            if let known = try await pool.session({ try $0.first(find) }) {
                return Self.answer(known, to: token)
            }
        }
        return .refused(.init(.isRunning))
    }

    private static func answer(_ known: Known, to token: Token) -> Begun {
        if known.request != token.request { return .refused(.init(.isOther)) }
        guard let status = known.status else { return .refused(.init(.isRunning)) }
        guard let body = known.body else { return .refused(.init(.isTooLarge)) }
        var headers = KeptHeaders.read(known.headers ?? "")
        if let name = HTTPField.Name("idempotent-replayed") { headers[name] = "true" }
        return .replay(
            GatewayAnswer(
                status: Int(status), headers: headers, body: .whole(ByteBuffer(bytes: body))))
    }

    /// Printable ASCII, as header fields of that kind have it.
    private static func isUsable(_ key: String) -> Bool {
        (1...keyBytesMax).contains(key.utf8.count) && key.utf8.allSatisfy { 0x20..<0x7F ~= $0 }
    }

    private static func digest(_ first: String, _ second: some Sequence<UInt8>) -> Digest {
        var bytes = Array(first.utf8)
        bytes.append(0)
        bytes.append(contentsOf: second)
        return Digest(hashing: bytes)
    }

    /// Keeps the answer for a day, or frees the key for another try.
    ///
    /// - Parameter answer: its status, headers and whole body; nil for one that broke off. One that failed is
    ///   not kept: nothing was bought, and the same may succeed a little later.
    package func end(_ token: Token, answer: GatewayAnswer?) async {
        // In a task of its own: whoever waits for the answer may leave.
        await Task {
            for attempt in 1...Self.triesMax {
                do {
                    try await write(token, answer)
                    break
                } catch {
                    // Until it is written, the key stays claimed.
                    try? await Task.sleep(for: .milliseconds(100) * (1 << attempt))
                }
            }
            running.withLock { _ = $0.removeValue(forKey: token.claim) }
        }.value
    }

    private func write(_ token: Token, _ answer: GatewayAnswer?) async throws {
        guard let answer, 200..<300 ~= answer.status, case .whole(let body) = answer.body else {
            let free = FreeKey(token: token)
            try await pool.session { _ = try $0.execute(free) }
            return
        }
        let isKept = body.readableBytes <= Self.answerBytesMax
        let end = EndKey(
            token: token, status: Int32(clamping: answer.status),
            headers: KeptHeaders.text(of: answer.headers, bytesMax: Self.headersBytesMax),
            body: isKept ? Array(body.readableBytesView) : nil)
        try await pool.session { _ = try $0.execute(end) }
    }

    // MARK: Upkeep

    /// Renews claims and drops old answers until the task is cancelled.
    package func run() async {
        var renewals = 0
        while !Task.isCancelled {
            // What fails is tried again the next time.
            try? await renew()
            if renewals % Self.renewalsPerSweep == 0 { try? await sweep() }
            renewals += 1
            try? await Task.sleep(for: Self.renewalPause)
        }
    }

    package func renew() async throws {
        let tokens = running.withLock { Array($0.values) }
        if tokens.isEmpty { return }
        let renew = RenewClaims(
            tokens: tokens, until: now().advanced(byMicroseconds: Self.claimMicroseconds))
        try await pool.session { _ = try $0.execute(renew) }
    }

    /// Drops keys whose day is over, and answers that take too much room.
    package func sweep(keeping bytesMax: Int64 = IdempotencyKeys.keptBytesMax) async throws {
        let (drop, trim) = (DropOldKeys(now: now()), TrimAnswers(bytesMax: bytesMax))
        try await pool.session {
            _ = try $0.execute(drop)
            _ = try $0.execute(trim)
        }
    }
}

/// The headers of an answer as they are kept: a JSON list of names and values in turn.
private enum KeptHeaders {
    static func text(of headers: HTTPFields, bytesMax: Int) -> String {
        var items: [JSONTree] = []
        var bytes = 0
        for field in headers {
            bytes += field.name.rawName.utf8.count + field.value.utf8.count
            if bytes > bytesMax { break }
            items += [.text(field.name.rawName), .text(field.value)]
        }
        return JSONTree.array(items).json
    }

    static func read(_ text: String) -> HTTPFields {
        var headers = HTTPFields()
        let items = (try? JSONTree(parsing: text.utf8))?.items?.compactMap(\.string) ?? []
        for index in stride(from: 0, to: items.count - 1, by: 2) {
            guard let name = HTTPField.Name(items[index]) else { continue }
            headers.append(HTTPField(name: name, value: items[index + 1]))
        }
        return headers
    }
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
