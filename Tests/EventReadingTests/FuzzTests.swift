import EventReading
import LedgerModel
import LedgerTesting
import Testing

@Suite("Random damage")
struct FuzzTests {
    /// Changes, inserts or removes some bytes.
    private func damage(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        let interesting = Array("{}[]\",:\\u0\n\r-.eE \u{0}".utf8) + [0x80, 0xC3, 0xED, 0xFF]
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let index = bytes.indices.randomElement(using: &generator) ?? 0
            let byte = interesting.randomElement(using: &generator) ?? 0
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes[index] = byte
            case 1: bytes.insert(byte, at: index)
            case 2: bytes.remove(at: index)
            default: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            }
        }
        return bytes
    }

    @Test("a damaged line never affects the lines around it", arguments: [11, 12])
    func lines(_ seed: UInt64) throws {
        var random = RandomEvents(seed: seed)
        let good = Array(nativeJSON().utf8)
        let expected = try event(nativeJSON())
        for round in 0..<3_000 {
            let bad = damage(Array(random.json(random.reported()).utf8), &random.random)
            var reader = try EventReader(
                good + [10] + bad + [10] + good, form: .ndjson, now: now)
            let items = reader.readAll()
            let context: Comment = "seed \(seed), round \(round)"
            #expect(items.first?.event == expected, context)
            #expect(items.last?.event == expected, context)
        }
    }

    @Test("a damaged array is refused, or loses only the damaged elements", arguments: [21, 22])
    func arrays(_ seed: UInt64) throws {
        var random = RandomEvents(seed: seed)
        let good = nativeJSON()
        let expected = try event(good)
        var faults = 0
        for round in 0..<3_000 {
            let bad = damage(Array(random.json(random.reported()).utf8), &random.random)
            let body = Array("[\(good),".utf8) + bad + Array(",\(good)]".utf8)
            do {
                var reader = try EventReader(body, form: .json, now: now)
                let items = reader.readAll()
                #expect(items.first?.event == expected, "seed \(seed), round \(round)")
                #expect(items.last?.event == expected, "seed \(seed), round \(round)")
            } catch {
                faults += 1
            }
        }
        #expect((1..<3_000).contains(faults))
    }

    @Test("damaged files of every format end in events, refusals or a fault", arguments: [31])
    func files(_ seed: UInt64) throws {
        var random = RandomEvents(seed: seed)
        let csv = "T,U\n2023-11-16,a\n2023-11-16,\"b\n,\"\"c\"\n2023-11-16,d\n"
        for round in 0..<400 {
            let json = (0..<3).map { _ in random.json(random.reported()) }
            let texts: [(String, ImportFormat)] = [
                (json.joined(separator: "\n"), .native), (csv, .csv),
                ("[" + json.joined(separator: ",") + "]", .cloudevents),
            ]
            let (text, format) = texts[round % 3]
            let bytes = damage(Array(text.utf8), &random.random)
            let isTable = format == .csv
            do {
                let items = try imported(
                    bytes, format, map: isTable ? ["occurred_at=T", "user=U"] : [],
                    set: isTable ? ["type=cache.hit"] : [], pieceBytes: 13, sortedRowsMax: 2)
                #expect(items.count <= bytes.count)
            } catch is ImportFault {}
        }
    }

    @Test("damaged compressed bodies end in bytes or a fault", arguments: [41])
    func compressed(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let text = Array(String(repeating: nativeJSON(), count: 20).utf8)
        for (bytes, coding) in [
            (gzipped(text), ContentCoding.gzip), (zstandard(text), .zstd),
            (gzipped(text, windowBits: -15), .deflate),
        ] {
            for _ in 0..<1_000 {
                let bad = damage(bytes, &generator)
                let expanded = try? bad.withUnsafeBytes {
                    try Body.expand($0, coding: coding, limit: 100_000)
                }
                #expect((expanded?.count ?? 0) <= 100_000)
            }
        }
    }
}
