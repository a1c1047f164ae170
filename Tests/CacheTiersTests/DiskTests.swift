import CacheTiers
import Caching
import Foundation
import GRDB
import LedgerModel
import PostgresTesting
import Testing

@Suite("The disk tier")
struct DiskTests {
    /// Lends a cache with a disk, and closes it.
    @discardableResult
    private func withCache<T>(
        _ folder: String, capacity: Int = 64 << 20, notices: Notices = Notices(),
        _ body: (TieredCache) async throws -> T
    ) async throws -> T {
        var configuration = CacheTiersConfiguration()
        configuration.disk = .init(directory: folder)
        configuration.disk?.capacityBytes = capacity
        configuration.memory.capacityBytes = 1 << 20
        let clock = TestClock()
        let cache = try TieredCache(
            configuration, now: clock.now, pause: clock.pause, readFile: { _ in nil },
            report: notices.add)
        try await cache.catchUp(at: start)
        let value = try await body(cache)
        await cache.close()
        return value
    }

    @Test("an answer outlives the process, and comes into memory with its first use")
    func survives() async throws {
        try await withFolder { folder in
            let stored = answer(String(repeating: "word ", count: 1_000), tags: ["a"])
            try await withCache(folder) { cache in
                let receipt = try await cache.store(stored, for: address(1), at: start)
                #expect(receipt.tiers == [.memory, .disk])
            }
            try await withCache(folder) { cache in
                guard case .hit(let hit) = await cache.lookup(address(1), at: start) else {
                    throw TestingError("it is on disk")
                }
                #expect(hit.answer == stored && hit.tier == .disk)
                #expect(await cache.text(1).hasSuffix("memory"))
                #expect(await cache.text(2) == "absent")
                let counts = try #require(cache.counts().disk)
                #expect(counts.hits == 1 && counts.misses == 1)
                await cache.tend(at: start)
                let swept = try #require(cache.counts().disk)
                #expect(swept.entries == 1 && swept.bytes > 0)
            }
        }
    }

    @Test("invalidations reach what is on disk, also by its names")
    func invalidated() async throws {
        try await withFolder { folder in
            try await withCache(folder) { cache in
                let meant: [(CacheSelection, StoredAnswer)] = [
                    (.key(CacheKey(number: 1)), answer()), (.tag("a"), answer(tags: ["b", "a"])),
                    (.model("o*"), answer(model: "o3")),
                    (.template("t@1"), answer(template: "t@1")),
                    (.dependency("d"), answer(dependencies: ["d"])),
                    (.age(storedBefore: start), answer(at: later(-1))),
                    (.predicate(.init(bytesMin: 4)), answer("four")),
                ]
                for (index, pair) in meant.enumerated() {
                    try await cache.store(pair.1, for: address(UInt64(index) + 1), at: start)
                }
                try await cache.store(answer("no"), for: address(99), at: start)
                await cache.flush()
                for (selection, _) in meant {
                    try await cache.invalidate(selection, ledger: LedgerID(1), at: start)
                }
            }
            try await withCache(folder) { cache in
                for number in 1...7 { #expect(await cache.text(UInt64(number)) == "absent") }
                #expect(await cache.text(99) == "no disk")
                // Numbers go on, so what is stored now is not older than what was invalidated.
                let next = try await cache.invalidate(.tag("x"), ledger: LedgerID(1), at: start)
                #expect(next.sequence == 8)
            }
        }
    }

    @Test("a damaged or shortened record is a miss, counted, and removed")
    func damagedRecord() async throws {
        try await withFolder { folder in
            try await withCache(folder) { cache in
                try await cache.store(answer(), for: address(1), at: start)
                try await cache.store(answer(), for: address(2), at: start)
            }
            let file = try DatabaseQueue(path: "\(folder)/cache.sqlite")
            try await file.write { file in
                try file.execute(
                    sql: "UPDATE answers SET record = substr(record, 1, length(record) - 1)")
            }
            try file.close()
            try await withCache(folder) { cache in
                #expect(await cache.text(1) == "corrupt")
                await cache.flush()
                #expect(await cache.text(1) == "absent")
                #expect(cache.counts().disk?.corrupt == 1)
                try await cache.store(answer("new"), for: address(2), at: start)
            }
            try await withCache(folder) { #expect(await $0.text(2) == "new disk") }
        }
    }

    @Test(
        "a file that is no database, or is damaged, is set aside and begun anew",
        arguments: [0, 40, 5_000])
    func damagedFile(_ offset: Int) async throws {
        try await withFolder { folder in
            let path = "\(folder)/cache.sqlite"
            try await withCache(folder) { cache in
                for number: UInt64 in 0..<50 {
                    try await cache.store(noise(3_000, number), for: address(number), at: start)
                }
            }
            var bytes = try Data(contentsOf: URL(filePath: path))
            for index in offset..<min(bytes.count, offset + 30_000) { bytes[index] = 0xA5 }
            try bytes.write(to: URL(filePath: path))
            let notices = Notices()
            try await withCache(folder, notices: notices) { cache in
                // The damage may be met at once or by a look.
                for number in 0..<50 { _ = await cache.text(UInt64(number)) }
                try await cache.catchUp(at: start)
                await cache.tend(at: later(70))
                try await cache.store(answer("new"), for: address(99), at: start)
                await cache.flush()
            }
            try await withCache(folder) { #expect(await $0.text(99) == "new disk") }
            let isSaid = notices.all.contains { notice in
                if case .diskSetAside = notice { true } else { false }
            }
            #expect(isSaid && FileManager.default.fileExists(atPath: path + ".damaged"))
        }
    }

    @Test("the file stays within its bytes, and what was not used leaves first")
    func bounded() async throws {
        try await withFolder { folder in
            let capacity = 2 << 20
            try await withCache(folder, capacity: capacity) { cache in
                try await cache.store(answer("kept"), for: address(0), at: start)
                await cache.flush()
                for number: UInt64 in 1...600 {
                    // Used again and again, as it has left memory by then.
                    cache.memory.remove(address(0).key)
                    #expect(await cache.text(0).hasPrefix("kept"))
                    try await cache.store(noise(8_000, number), for: address(number), at: start)
                    if number % 20 == 0 { await cache.flush() }
                }
                await cache.tend(at: later(1_000))
                let counts = try #require(cache.counts().disk)
                #expect(counts.bytes <= capacity && counts.bytes > capacity / 2)
                #expect(counts.evicted > 300 && counts.entries < 260)
                let told = cache.takeEvictions().filter { $0.tier == .disk }
                #expect(told.map(\.reason).contains(.capacity))
                let size =
                    try FileManager.default.attributesOfItem(
                        atPath: "\(folder)/cache.sqlite")[.size] as? Int
                #expect(try #require(size) < capacity + (1 << 20))
            }
        }
    }

    @Test("whatever part of the log reached the disk, what is read is whole")
    func cutLog() async throws {
        try await withFolder { folder in
            try await withFolder { copy in
                let cache = try TieredCache(
                    {
                        var configuration = CacheTiersConfiguration()
                        configuration.disk = .init(directory: folder)
                        configuration.disk?.compression = nil
                        return configuration
                    }(), now: { start })
                try await cache.catchUp(at: start)
                for number in 0..<20 {
                    try await cache.store(
                        answer(String(repeating: "\(number % 10)", count: 5_000)),
                        for: address(UInt64(number)), at: start)
                    await cache.flush()
                }
                let main = try Data(contentsOf: URL(filePath: "\(folder)/cache.sqlite"))
                let log = try Data(contentsOf: URL(filePath: "\(folder)/cache.sqlite-wal"))
                await cache.close()
                #expect(log.count > 100_000)
                var found: [Int] = []
                for count in stride(from: 0, through: log.count, by: 9_973) {
                    for name in ["cache.sqlite", "cache.sqlite-wal", "cache.sqlite-shm"] {
                        try? FileManager.default.removeItem(atPath: "\(copy)/\(name)")
                    }
                    try main.write(to: URL(filePath: "\(copy)/cache.sqlite"))
                    try log.prefix(count).write(to: URL(filePath: "\(copy)/cache.sqlite-wal"))
                    try await withCache(copy) { cache in
                        var hits = 0
                        for number in 0..<20 {
                            let text = await cache.text(UInt64(number))
                            if text == "absent" { continue }
                            hits += 1
                            let whole = String(repeating: "\(number % 10)", count: 5_000)
                            #expect(text == "\(whole) disk")
                        }
                        found.append(hits)
                    }
                }
                #expect(found == found.sorted() && found.first == 0 && found.last ?? 0 > 15)
            }
        }
    }

    @Test("a process killed in the middle of writing leaves a file with all that it had finished")
    func killed() async throws {
        try await withFolder { folder in
            for round in 1...5 {
                let driver = Process()
                driver.executableURL = URL(filePath: Self.driver)
                driver.arguments = [folder]
                let pipe = Pipe()
                driver.standardOutput = pipe
                try driver.run()
                var last: UInt64 = 0
                while last < UInt64(round) * 40 {
                    let said = pipe.fileHandleForReading.availableData
                    if said.isEmpty { break }
                    // The last line may be cut; the one before it is whole.
                    let lines = String(decoding: said, as: UTF8.self)
                        .split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                    last = lines.compactMap { UInt64($0) }.max() ?? last
                }
                kill(driver.processIdentifier, SIGKILL)
                driver.waitUntilExit()
                let notices = Notices()
                try await withCache(folder, notices: notices) { cache in
                    for number in 1...last {
                        let place = CacheAddress(
                            ledger: LedgerID(1), key: CacheKey(number: number), check: .zero)
                        guard case .hit(let hit) = await cache.lookup(place, at: start) else {
                            Issue.record("\(number) of \(last) is missing")
                            continue
                        }
                        #expect(
                            hit.answer.body.allSatisfy { $0 == UInt8(truncatingIfNeeded: number) })
                    }
                    #expect(cache.counts().disk?.corrupt == 0)
                }
                #expect(notices.all == [])
            }
        }
    }

    /// Beside the tests' own program.
    private static let driver = URL(filePath: CommandLine.arguments[0])
        .deletingLastPathComponent().appending(path: "CacheDriver").path(percentEncoded: false)

    @Test("a second process with the same folder does without it")
    func taken() async throws {
        try await withFolder { folder in
            try await withCache(folder) { _ in
                let notices = Notices()
                try await withCache(folder, notices: notices) { second in
                    #expect(second.counts().disk == nil)
                    let receipt = try await second.store(answer(), for: address(1), at: start)
                    #expect(receipt.tiers == [.memory])
                }
                guard case .diskUnusable = notices.all.first else {
                    throw TestingError("\(notices.all)")
                }
            }
        }
    }
}
