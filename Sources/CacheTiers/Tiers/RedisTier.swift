package import Caching
package import LedgerModel

/// The shared tier in a Redis server, whose own configuration bounds it (`maxmemory`, with
/// `allkeys-lru` or `allkeys-lfu`).
///
///     tally:cache:LEDGER:a:KEY   the record, which expires with the answer
///     tally:cache:LEDGER:f:KEY   the id of the turn to fetch it, which expires with its term
package struct RedisTier: SharingTier {
    private let connections: [RedisConnection]
    private let now: @Sendable () -> Timestamp

    /// Calls that go on at the same time.
    package static let connectionsMax = 4
    /// Keys looked at in one step of a search.
    private static let scanStep: Int64 = 512
    /// The beginning of a record that nearly always has all its facts.
    private static let factBytes: Int64 = 2_048

    package init(address: String, now: @escaping @Sendable () -> Timestamp) throws(CacheTierFault) {
        let address = try RedisAddress(address)
        ignoreBrokenPipes()
        connections = (0..<Self.connectionsMax).map { _ in RedisConnection(address) }
        self.now = now
    }

    package func record(at address: CacheAddress) async throws -> [UInt8]? {
        try await record(at: address.key, ledger: address.ledger)
    }

    package func record(at key: CacheKey, ledger: LedgerID) async throws -> [UInt8]? {
        let get = RedisCommand("GET", .text(Self.answerName(ledger, key)))
        return try await run([get], by: key)[0].bytes
    }

    package func apply(_ changes: [TierChange]) async throws {
        let now = now()
        var commands: [RedisCommand] = []
        for change in changes {
            switch change {
            case .store(let entry):
                let name = Self.answerName(entry.address.ledger, entry.address.key)
                let left = now.duration(to: entry.answer.usableUntil).microseconds / 1_000
                guard left > 0 else { continue }
                commands.append(
                    RedisCommand(
                        "SET", .text(name), .bytes(entry.record), "PX", .number(left)))
            case .remove(let address):
                commands.append(
                    RedisCommand("DEL", .text(Self.answerName(address.ledger, address.key))))
            case .endFill(let address, let id):
                commands.append(
                    RedisCommand(
                        "EVAL", .text(Self.endScript), .number(1),
                        .text(Self.fillName(address)), .number(id)))
            }
        }
        guard let key = changes.first?.address.key, !commands.isEmpty else { return }
        _ = try await run(commands, by: key)
    }

    /// Ends a turn only if it is still the caller's.
    private static let endScript = """
        if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
        return 0
        """

    package func remove(
        _ predicate: CachePredicate, ledger: LedgerID, begunBefore sequence: Int64
    ) async throws -> Int {
        if let key = predicate.key {
            let name = Self.answerName(ledger, key)
            return try await remove([name], predicate, ledger, begunBefore: sequence)
        }
        var removed = 0
        var cursor: [UInt8] = Array("0".utf8)
        repeat {
            let scan = RedisCommand(
                "SCAN", .bytes(cursor), "MATCH", .text("tally:cache:\(ledger):a:*"), "COUNT",
                .number(Self.scanStep))
            guard case .list(let parts) = try await run([scan], by: nil)[0], parts.count == 2,
                let next = parts[0].bytes, case .list(let found) = parts[1]
            else { throw RedisError(description: "Redis answered SCAN with something else") }
            let names = found.compactMap { $0.bytes.map { String(decoding: $0, as: UTF8.self) } }
            removed += try await remove(names, predicate, ledger, begunBefore: sequence)
            cursor = next
        } while cursor != Array("0".utf8)
        return removed
    }

    private func remove(
        _ names: [String], _ predicate: CachePredicate, _ ledger: LedgerID,
        begunBefore sequence: Int64
    ) async throws -> Int {
        guard !names.isEmpty else { return 0 }
        let heads = try await run(
            names.map {
                RedisCommand("GETRANGE", .text($0), .number(0), .number(Self.factBytes - 1))
            }, by: nil)
        var doomed: [RedisCommand] = []
        for (name, head) in zip(names, heads) {
            guard let bytes = head.bytes, !bytes.isEmpty else { continue }
            var opened = try? AnswerRecord.open(bytes, isTrusted: true)
            if opened == nil, bytes.count == Self.factBytes {
                let whole = try await run([RedisCommand("GET", .text(name))], by: nil)[0].bytes
                opened = whole.flatMap { try? AnswerRecord.open($0, isTrusted: true) }
            }
            // What can't be read is of no use to anybody.
            if let opened {
                guard opened.answer.sequence < sequence,
                    predicate.matches(opened.answer, bytes: opened.bodyBytes, at: opened.key)
                else { continue }
            }
            doomed.append(RedisCommand("DEL", .text(name)))
        }
        let replies = try await run(doomed, by: nil)
        return replies.reduce(0) { $0 + Int($1.integer ?? 0) }
    }

    // MARK: - Turns

    package func claim(_ address: CacheAddress, id: Int64, term: Duration) async throws -> FillClaim
    {
        let fill = Self.fillName(address)
        let replies = try await run(
            [
                RedisCommand(
                    "SET", .text(fill), .number(id), "NX", "PX",
                    .number(max(1, term.microseconds / 1_000))),
                RedisCommand("GET", .text(Self.answerName(address.ledger, address.key))),
                RedisCommand("PTTL", .text(fill)),
            ], by: address.key)
        guard case .none = replies[0] else { return .given(found: replies[1].bytes) }
        return .taken(for: .milliseconds(max(0, replies[2].integer ?? 0)))
    }

    package func turns(at addresses: [CacheAddress]) async throws -> [Duration?] {
        let replies = try await run(
            addresses.map { RedisCommand("PTTL", .text(Self.fillName($0))) },
            by: addresses.first?.key)
        return replies.map { reply in
            guard let left = reply.integer, left >= 0 else { return nil }
            return .milliseconds(left)
        }
    }

    // MARK: - The rest

    /// Redis expires and evicts by itself; this only asks how much there is.
    package func sweep(at now: Timestamp, isThorough: Bool) async throws -> TierSweep? {
        guard isThorough else { return nil }
        let replies = try await run(
            [RedisCommand("DBSIZE"), RedisCommand("INFO", "memory")], by: nil)
        var sweep = TierSweep()
        sweep.entries = Int(replies[0].integer ?? 0)
        let lines = String(decoding: replies[1].bytes ?? [], as: UTF8.self).split(separator: "\r\n")
        sweep.bytes =
            lines.first { $0.hasPrefix("used_memory:") }
            .flatMap { Int($0.dropFirst("used_memory:".count)) } ?? 0
        return sweep
    }

    package func close() async {
        for connection in connections { await connection.close() }
    }

    /// One key always goes the same way, so what is said about it stays in order.
    private func run(_ commands: [RedisCommand], by key: CacheKey?) async throws -> [RedisReply] {
        let number = Int(truncatingIfNeeded: key?.first ?? 0) & Int.max
        let replies = try await connections[number % connections.count].run(commands)
        for case .failure(let reason) in replies { throw RedisError(description: reason) }
        return replies
    }

    private static func answerName(_ ledger: LedgerID, _ key: CacheKey) -> String {
        "tally:cache:\(ledger):a:\(key.digest)"
    }

    private static func fillName(_ address: CacheAddress) -> String {
        "tally:cache:\(address.ledger):f:\(address.key.digest)"
    }
}

extension TierChange {
    package var address: CacheAddress {
        switch self {
        case .store(let entry): entry.address
        case .remove(let address), .endFill(let address, _): address
        }
    }
}
