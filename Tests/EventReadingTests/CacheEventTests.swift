import EventReading
import LedgerModel
import Testing

@Suite("Reports of caches and batches")
struct CacheEventTests {
    private static let hash = String(repeating: "aB", count: 32)

    @Test("a hit tells its request, what it served and where it lay")
    func hit() throws {
        let read = try event(
            nativeJSON([
                "type": "\"cache.hit\"", "request_hash": "\"\(Self.hash)\"",
                "detail": #"{"tier":"disk","bytes":"2048","overhead_pico":"12"}"#,
            ]))
        #expect(read.kind == .cacheHit && read.contentHash == nil)
        #expect(read.requestHash?.description == String(repeating: "ab", count: 32))
        #expect(read.detail?.count(Event.overheadKey) == 12)
        #expect(read.detail?.count("tier") == nil && read.detail?["tier"] == "disk")
    }

    @Test("a request may tell which one it is, and a cost that is no number is refused by name")
    func refused() throws {
        let request = try event(nativeJSON(["request_hash": "\"\(Self.hash)\""]))
        #expect(request.kind.isRequest && request.requestHash != nil)
        for (type, key, value) in [
            ("cache.hit", "overhead_pico", "cheap"), ("cache.stored", "write_pico", "1e3"),
        ] {
            let reason = try refusal(
                nativeJSON([
                    "type": "\"\(type)\"", "detail": "{\"\(key)\":\"\(value)\"}",
                ]))
            #expect(
                reason.contains("detail.\(key) is \"\(value)\": expected a whole number"),
                "\(reason)")
        }
    }
}
