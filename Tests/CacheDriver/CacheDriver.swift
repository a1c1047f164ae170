import CacheTiers
import Caching
import Glibc
import LedgerModel

/// Writes answers into the disk tier of a folder until it is killed, as a test does.
///
/// It prints the number of the last answer each time that all before it are on disk.
@main
struct CacheDriver {
    /// Answers between two reports.
    private static let step: UInt64 = 8

    static func main() async throws {
        guard CommandLine.arguments.count == 2 else { exit(64) }
        var configuration = CacheTiersConfiguration()
        configuration.disk = .init(directory: CommandLine.arguments[1])
        configuration.disk?.compression = nil
        let start = Timestamp(year: 2026, month: 11, day: 30)
        let cache = try TieredCache(configuration, now: { start })
        try await cache.catchUp(at: start)
        let partition = CachePartition(ledger: LedgerID(1), scope: .ledger)
        var number: UInt64 = 0
        while true {
            for _ in 0..<step {
                number += 1
                let answer = StoredAnswer(
                    body: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 9_000),
                    partition: partition, storedAt: start,
                    freshUntil: start.advanced(byMicroseconds: 3_600_000_000))
                let address = CacheAddress(
                    ledger: LedgerID(1), key: CacheKey(number: number), check: .zero)
                try await cache.store(answer, for: address, at: start)
            }
            await cache.flush()
            let line = Array("\(number)\n".utf8)
            guard write(STDOUT_FILENO, line, line.count) == line.count else { exit(1) }
        }
    }
}
