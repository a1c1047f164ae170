import CacheTiers
import Caching
import Glibc
import LedgerModel
import LedgerTesting
import PostgresTesting
import Synchronization

/// When tests begin.
let start = Timestamp(year: 2026, month: 11, day: 30)

/// So many seconds later.
func later(_ seconds: Double) -> Timestamp {
    start.advanced(byMicroseconds: Int64(seconds * 1_000_000))
}

/// Time that passes only when a test says so.
final class TestClock: Sendable {
    private struct State {
        var now = start
        var sleepers: [Int: (until: Timestamp, continuation: CheckedContinuation<Bool, Never>)] =
            [:]
        var lastID = 0
    }

    private let state = Mutex(State())

    var now: @Sendable () -> Timestamp { { self.state.withLock { $0.now } } }

    var pause: @Sendable (Duration) async -> Bool {
        { duration in await self.wait(duration) }
    }

    /// How many wait for a time to come.
    var sleeping: Int { state.withLock { $0.sleepers.count } }

    func advance(by seconds: Double) {
        let woken = state.withLock { state in
            state.now = state.now.advanced(byMicroseconds: Int64(seconds * 1_000_000))
            let due = state.sleepers.filter { $0.value.until <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.map(\.continuation)
        }
        woken.forEach { $0.resume(returning: true) }
    }

    private func wait(_ duration: Duration) async -> Bool {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                state.withLock { state in
                    let (seconds, attoseconds) = duration.components
                    let until = state.now.advanced(
                        byMicroseconds: seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
                    state.sleepers[id] = (until, continuation)
                }
                if Task.isCancelled { cancel(id) }
            }
        } onCancel: {
            cancel(id)
        }
    }

    private func cancel(_ id: Int) {
        let sleeper = state.withLock { $0.sleepers.removeValue(forKey: id) }
        sleeper?.continuation.resume(returning: false)
    }
}

/// Collects what is reported.
final class Notices: Sendable {
    private let state = Mutex<[CacheNotice]>([])

    var all: [CacheNotice] { state.withLock { $0 } }
    var add: @Sendable (CacheNotice) -> Void {
        { notice in self.state.withLock { $0.append(notice) } }
    }
}

func address(_ number: UInt64, ledger: Int64 = 1) -> CacheAddress {
    CacheAddress(
        ledger: LedgerID(ledger), key: CacheKey(number: number),
        check: Digest(words: [number, 1, 2, 3]))
}

/// An answer that is fresh for an hour.
func answer(
    _ text: String = "yes", ledger: Int64 = 1, fresh: Double = 3_600, usable: Double? = nil,
    at time: Timestamp = start, model: Name? = "gpt-4o", tags: [Name] = [],
    template: Name? = nil, dependencies: [Name] = []
) -> StoredAnswer {
    StoredAnswer(
        body: Array(text.utf8),
        partition: CachePartition(ledger: LedgerID(ledger), scope: .team("red")), storedAt: time,
        freshUntil: time.advanced(byMicroseconds: Int64(fresh * 1_000_000)),
        usableUntil: usable.map { time.advanced(byMicroseconds: Int64($0 * 1_000_000)) },
        provider: "openai", model: model, usage: [.inputTokens: 12, .outputTokens: 3],
        cost: Picodollars(1_000_000), tags: tags, template: template, dependencies: dependencies)
}

/// An answer that can't be compressed.
func noise(_ bytes: Int, _ number: UInt64, ledger: Int64 = 1) -> StoredAnswer {
    var generator = SeededGenerator(seed: number)
    var noise = answer("", ledger: ledger, at: later(Double(number)))
    noise.body = (0..<bytes).map { _ in UInt8.random(in: 0...255, using: &generator) }
    return noise
}

extension TieredCache {
    /// The text that is stored, and where it was found.
    func text(_ number: UInt64, ledger: Int64 = 1, at time: Timestamp = start) async -> String {
        switch await lookup(address(number, ledger: ledger), at: time) {
        case .hit(let hit):
            let text = String(decoding: hit.answer.body, as: UTF8.self)
            return "\(text) \(hit.tier)\(hit.isStale ? " stale" : "")"
        case .miss(let reason): return "\(reason)"
        }
    }
}

/// Lends a folder, and removes it afterwards.
@discardableResult
func withFolder<T>(_ body: (String) async throws -> T) async throws -> T {
    var template = Array("/tmp/tally-cache.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw TestingError("mkdtemp failed") }
    let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    defer { removeFolder(folder) }
    return try await body(folder)
}

private func removeFolder(_ folder: String) {
    guard let stream = opendir(folder) else { return }
    defer {
        closedir(stream)
        rmdir(folder)
    }
    while let entry = readdir(stream) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name != ".", name != ".." { unlink("\(folder)/\(name)") }
    }
}
