import Caching
import Foundation
import GRDB
import Glibc
import LedgerModel
import Synchronization

/// Answers in a file of SQLite, which outlive the process.
///
/// One process at a time uses a folder. The file is a cache: if it is damaged, it gets another name
/// and a new one is begun. WAL without a sync at each commit: after a crash of the machine the last
/// commits may be missing, never a part of one.
final class DiskTier: AnswerTier {
    private let folder: String
    private let capacity: Int
    private let admits: @Sendable (TierEntry) -> Bool
    private let report: @Sendable (CacheNotice) -> Void
    private let lock: Int32
    private let state: Mutex<State>

    private struct State {
        var file: DatabasePool?
        /// How often the file was begun anew, so that one damage is met once.
        var generation = 0
        /// What was used since that was written down.
        var uses: [CacheAddress: Int64] = [:]
        var evicted = TierSweep.Departures()
    }

    static let capacityMin = 1 << 20
    static let usesMax = 8_192
    /// The log of the file may keep so much after it was written back.
    private static let logBytesMax = 64 << 20
    /// Entries that leave at once for others.
    private static let evictedAtOnce = 64

    /// Opens the file, making it if necessary.
    ///
    /// - Parameter admits: asked in the transaction that would write an answer, so that none comes
    ///   in behind an invalidation.
    init(
        _ configuration: CacheTiersConfiguration.Disk,
        admits: @escaping @Sendable (TierEntry) -> Bool,
        report: @escaping @Sendable (CacheNotice) -> Void
    ) throws {
        folder = configuration.directory
        capacity = configuration.capacityBytes
        self.admits = admits
        self.report = report
        lock = try Self.locked(folder)
        state = Mutex(State())
        do {
            try open()
        } catch {
            guard Self.isDamage(error) else {
                Glibc.close(lock)
                throw error
            }
            try beginAnew(after: error, generation: 0)
        }
    }

    deinit { Glibc.close(lock) }

    /// The kernel drops the lock however the process ends.
    private static func locked(_ folder: String) throws(DiskTierError) -> Int32 {
        if mkdir(folder, 0o700) != 0, errno != EEXIST { throw DiskTierError(folder, errno) }
        let lock = Glibc.open("\(folder)/lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0 else { throw DiskTierError(folder, errno) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            Glibc.close(lock)
            throw DiskTierError("another process uses \(folder); give each its own folder")
        }
        return lock
    }

    var path: String { "\(folder)/cache.sqlite" }

    // MARK: - The file

    private func open() throws {
        var configuration = Configuration()
        configuration.label = "tallystick.cache"
        configuration.busyMode = .timeout(1)
        configuration.prepareDatabase { file in
            try file.execute(sql: "PRAGMA journal_size_limit = \(Self.logBytesMax)")
        }
        let file = try DatabasePool(path: path, configuration: configuration)
        do {
            try file.write { try $0.execute(sql: DiskStatements.schema) }
        } catch {
            try? file.close()
            throw error
        }
        state.withLock { $0.file = file }
    }

    private func beginAnew(after error: any Error, generation: Int) throws {
        let old = state.withLock { state -> (isCurrent: Bool, file: DatabasePool?) in
            guard state.generation == generation else { return (false, nil) }
            state.generation += 1
            defer { state.file = nil }
            return (true, state.file)
        }
        guard old.isCurrent else { return }
        // If it can't be closed now, it is when the last reader lets it go.
        try? old.file?.close()
        let aside = "\(path).damaged"
        guard rename(path, aside) == 0 || errno == ENOENT else { throw DiskTierError(path, errno) }
        for suffix in ["-wal", "-shm"] { unlink(path + suffix) }
        report(.diskSetAside(path: aside, reason: "\(error)"))
        try open()
    }

    private static func isDamage(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return false }
        switch error.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT: return true
        // Our statements have no mistakes, so the file is not ours, or of another program.
        case .SQLITE_ERROR:
            let words = ["no such", "has no column", "malformed", "unsupported file format"]
            return words.contains { error.message?.contains($0) == true }
        default: return false
        }
    }

    private func current() throws -> (file: DatabasePool, generation: Int) {
        let (file, generation) = state.withLock { ($0.file, $0.generation) }
        guard let file else { throw DiskTierError("the file of \(folder) is closed") }
        return (file, generation)
    }

    private func read<T: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> T
    ) async throws -> T {
        let (file, generation) = try current()
        do {
            return try await file.read(body)
        } catch {
            if Self.isDamage(error) { try beginAnew(after: error, generation: generation) }
            throw error
        }
    }

    private func write<T: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> T
    ) async throws -> T {
        let (file, generation) = try current()
        do {
            return try await file.write(body)
        } catch {
            if Self.isDamage(error) { try beginAnew(after: error, generation: generation) }
            throw error
        }
    }

    func close() async {
        let file = state.withLock { state in
            defer { state.file = nil }
            return state.file
        }
        // GRDB closes readers last, and they can't write the log back.
        _ = try? await file?.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        try? file?.close()
    }
}

// MARK: - Answers

extension DiskTier {
    func record(at address: CacheAddress) async throws -> [UInt8]? {
        let found = try await record(at: address.key, ledger: address.ledger)
        if found != nil {
            state.withLock { state in
                guard state.uses[address] != nil || state.uses.count < Self.usesMax else { return }
                state.uses[address, default: 0] += 1
            }
        }
        return found
    }

    func record(at key: CacheKey, ledger: LedgerID) async throws -> [UInt8]? {
        let name = Data(key.digest.bytes)
        return try await read { file in
            try Data.fetchOne(
                file.cachedStatement(sql: DiskStatements.find),
                arguments: [ledger.number, name]
            ).map { [UInt8]($0) }
        }
    }

    func apply(_ changes: [TierChange]) async throws {
        let (capacity, admits) = (capacity, admits)
        let stored = changes.lastStored
        let uses = stored == nil ? [:] : takeUses()
        let evicted = try await write { file in
            for change in changes {
                switch change {
                case .store(let entry) where admits(entry):
                    try DiskStatements.store(entry, in: file)
                case .store: break
                case .remove(let address): try DiskStatements.remove(address, in: file)
                case .endFill: break
                }
            }
            try DiskStatements.note(uses, at: stored, in: file)
            return try DiskStatements.evict(
                atOnce: Self.evictedAtOnce, keeping: capacity, in: file)
        }
        state.withLock { $0.evicted.add(evicted) }
    }

    func remove(
        _ predicate: CachePredicate, ledger: LedgerID, begunBefore sequence: Int64
    ) async throws -> Int {
        try await write { file in
            try DiskStatements.remove(predicate, ledger, begunBefore: sequence, in: file)
        }
    }

    func sweep(at now: Timestamp, isThorough: Bool) async throws -> TierSweep? {
        guard isThorough else { return nil }
        let uses = takeUses()
        var sweep = try await write { file in
            try DiskStatements.note(uses, at: now, in: file)
            var sweep = TierSweep()
            sweep.expired = try DiskStatements.removeExpired(at: now, in: file)
            sweep.entries = try DiskStatements.count(in: file)
            sweep.bytes = try DiskStatements.usedBytes(in: file)
            return sweep
        }
        sweep.evicted = state.withLock { state in
            defer { state.evicted = TierSweep.Departures() }
            return state.evicted
        }
        return sweep
    }

    private func takeUses() -> [CacheAddress: Int64] {
        state.withLock { state in
            defer { state.uses = [:] }
            return state.uses
        }
    }

    // MARK: - Invalidations

    /// The last invalidation that the file obeys.
    func sequence() async throws -> Int64 {
        try await read { try DiskStatements.sequence(in: $0) }
    }

    /// Removes what invalidations mean, and remembers the last of them; all of it or nothing.
    func obey(_ records: [InvalidationRecord], upTo sequence: Int64) async throws {
        try await write { file in
            for record in records {
                _ = try DiskStatements.remove(
                    record.predicate, record.ledger, begunBefore: record.sequence, in: file)
            }
            try DiskStatements.setSequence(sequence, in: file)
        }
    }

    /// Removes everything, because nobody knows any more what was invalidated.
    func drop(upTo sequence: Int64) async throws {
        try await write { file in
            try file.execute(sql: "DELETE FROM answers")
            try DiskStatements.setSequence(sequence, in: file)
        }
    }
}

extension [TierChange] {
    /// When the last of the answers among them was made; nil if there is none.
    fileprivate var lastStored: Timestamp? {
        for case .store(let entry) in reversed() { return entry.answer.storedAt }
        return nil
    }
}

/// Why the disk tier can't be used.
struct DiskTierError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    fileprivate init(_ path: String, _ code: Int32) {
        description = "\(path) can't be used: \(String(cString: strerror(code)))"
    }
}
