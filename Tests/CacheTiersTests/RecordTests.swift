import CacheTiers
import Caching
import LedgerModel
import LedgerTesting
import Testing

@Suite("Records of answers")
struct RecordTests {
    @Test("what was written is read: every fact and every byte")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: testSeed())
        for number in 0..<200 {
            let (stored, place) = random(UInt64(number), using: &generator)
            for compression in [nil, CacheTiersConfiguration.Compression.standard] {
                let record = AnswerRecord(stored, at: place, compression: compression)
                let read = try AnswerRecord.read(record.bytes)
                #expect(read.answer == stored)
                #expect(read.key == place.key && read.check == place.check)
                let opened = try AnswerRecord.open(record.bytes, isTrusted: true)
                #expect(opened.bodyBytes == stored.body.count && opened.answer.body.isEmpty)
            }
        }
    }

    @Test("a record that ends too early, wherever that is, can't be read")
    func truncated() throws {
        for compression in [nil, CacheTiersConfiguration.Compression(level: 3, bytesMin: 1)] {
            let bytes = AnswerRecord(long, at: address(1), compression: compression).bytes
            for count in 0..<bytes.count {
                #expect(throws: RecordDamage.self) {
                    try AnswerRecord.read(Array(bytes.prefix(count)))
                }
                // Without its sum it is still no trap.
                _ = try? AnswerRecord.read(Array(bytes.prefix(count)), isTrusted: true)
            }
            #expect(try AnswerRecord.read(bytes).answer == long)
            #expect(throws: RecordDamage.self) { try AnswerRecord.read(bytes + [0]) }
        }
    }

    @Test("a record with another bit, whichever it is, can't be read")
    func flipped() throws {
        for compression in [nil, CacheTiersConfiguration.Compression(level: 3, bytesMin: 1)] {
            let bytes = AnswerRecord(long, at: address(1), compression: compression).bytes
            for index in bytes.indices {
                for bit in 0..<8 {
                    var damaged = bytes
                    damaged[index] ^= 1 << bit
                    #expect(throws: RecordDamage.self) { try AnswerRecord.read(damaged) }
                    _ = try? AnswerRecord.read(damaged, isTrusted: true)
                }
            }
        }
    }

    @Test("bodies are compressed from a size on, and only if that makes them smaller")
    func compressed() throws {
        let compression = CacheTiersConfiguration.Compression.standard
        func size(_ answer: StoredAnswer) -> Int {
            AnswerRecord(answer, at: address(1), compression: compression).bytes.count
        }
        let facts = size(answer(""))
        #expect(size(answer(String(repeating: "x", count: 1_023))) == facts + 1_023)
        #expect(size(answer(String(repeating: "x", count: 1_024))) < facts + 100)
        var generator = SeededGenerator(seed: testSeed())
        var noise = answer("")
        noise.body = (0..<4_096).map { _ in UInt8.random(in: 0...255, using: &generator) }
        #expect(size(noise) == facts + 4_096)
    }

    private let long: StoredAnswer = {
        var long = answer(
            String(repeating: "a word ", count: 20), tags: ["a", "b"], template: "reply@7",
            dependencies: ["handbook"])
        long.causeID = EventID(high: 1, low: 2)
        long.sequence = 9
        return long
    }()

    private func random(
        _ number: UInt64, using generator: inout SeededGenerator
    ) -> (StoredAnswer, CacheAddress) {
        func chance() -> Bool { Bool.random(using: &generator) }
        func name() -> Name {
            let letters = (0..<Int.random(in: 1...40, using: &generator)).map { _ in
                ["a", "ß", "漢", " ", "\"", "\u{0}"].randomElement(using: &generator) ?? "a"
            }
            return Name(letters.joined())
        }
        let scopes: [CachePartition.Scope] = [.ledger, .team(nil), .team(name())]
        var stored = answer(
            String(repeating: "abc", count: Int.random(in: 0...999, using: &generator)))
        stored.partition = CachePartition(
            ledger: LedgerID(Int64(number)),
            scope: scopes.randomElement(using: &generator) ?? .ledger)
        stored.provider = chance() ? name() : nil
        stored.model = chance() ? name() : nil
        stored.template = chance() ? name() : nil
        stored.tags = (0..<Int.random(in: 0...5, using: &generator)).map { _ in name() }
        stored.dependencies = (0..<Int.random(in: 0...5, using: &generator)).map { _ in name() }
        stored.causeID = chance() ? EventID(high: number, low: ~number) : nil
        stored.cost = chance() ? Picodollars(-1) : nil
        stored.sequence = Int64.random(in: 0...Int64.max, using: &generator)
        stored.usage = Usage()
        for unit in UsageUnit.allCases where chance() { stored.usage[unit] = Int64(number) }
        return (stored, address(number, ledger: Int64(number)))
    }
}
