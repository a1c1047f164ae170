import EventReading
import LedgerModel
import Testing

@Suite("A body")
struct BodyTests {
    @Test("one object is one event, an empty array none")
    func forms() throws {
        #expect(try items(nativeJSON()).count == 1)
        #expect(try items("[]").isEmpty)
        #expect(try items(" [ ] \n").isEmpty)
        #expect(try items("\u{FEFF}" + nativeJSON()).count == 1)
        #expect(
            try items("[\(nativeJSON()),\(nativeJSON())]").map(\.place) == [
                "events[0]", "events[1]",
            ])
    }

    @Test("a wrong type deep in a batch of 10,000 rejects only its event")
    func deepFault() throws {
        var batch = Array(repeating: nativeJSON(), count: 10_000)
        batch[7_312] = nativeJSON(["usage": "{\"input_tokens\":\"12\"}"])
        let items = try items("[" + batch.joined(separator: ",") + "]")
        #expect(items.count == 10_000)
        let bad = items.filter { $0.event == nil }
        #expect(bad.map(\.index) == [7_312])
        #expect(bad[0].place == "events[7312]")
        #expect(bad[0].reason == "usage.input_tokens is a string: expected a whole number")
    }

    @Test(
        "a syntax error in JSON is a fault of the whole body, with its place",
        arguments: [
            ("", 0, "it is empty"), ("  \n", 0, "it is empty"),
            ("{\"a\":1", 6, "it ends in the middle"), ("[1,2", 4, "it ends in the middle"),
            ("[1,]", 3, "expected a value"), ("[,1]", 1, "expected a value"),
            ("{\"a\":}", 5, "expected a value"), ("{\"a\" 1}", 5, "expected a colon"),
            ("{a:1}", 1, "a key in quotation marks"), ("{\"a\":1,}", 7, "a key in quotation"),
            ("[1 2]", 3, "a comma or a closing bracket"), ("[1}", 2, "a comma or a closing"),
            ("[] []", 3, "something after the end"), ("{} x", 3, "something after the end"),
            ("[01]", 1, "this is not a number"), ("[1.]", 1, "this is not a number"),
            ("[-]", 1, "this is not a number"), ("[1e]", 1, "this is not a number"),
            ("[+1]", 1, "expected a value"), ("[NaN]", 1, "expected a value"),
            ("[nul]", 1, "expected true, false or null"), ("[trueX]", 1, "expected true, false"),
            ("[\"a]", 1, "the string that starts here"), ("[\"\\x\"]", 2, "this escape does"),
            ("[\"\\u12\"]", 2, "this escape does not exist"),
            ("[\"a\nb\"]", 3, "a control character must be escaped"),
            ("[\"a\"\u{0C}]", 4, "a comma or a closing bracket"),
            ("[\u{0}]", 1, "expected a value"),
            ("7", 0, "expected an event or an array of events"),
            ("\"x\"", 0, "expected an event or an array of events"),
        ])
    func malformed(_ json: String, _ offset: Int, _ reason: String) throws {
        do {
            _ = try items(json)
            Issue.record("\(json) was read")
        } catch BodyFault.malformed(let found, let place) {
            #expect(found.contains(reason), "\(json): \(found)")
            #expect(place == offset, "\(json): \(found)")
        }
    }

    @Test("an error at the end of an array means that nothing of it is read")
    func lateFault() throws {
        let json = "[\(nativeJSON()),\(nativeJSON())"
        #expect(throws: BodyFault.self) { try items(json) }
    }

    @Test("invalid UTF-8 is a fault with its place; in NDJSON it rejects its line")
    func invalidUTF8() throws {
        let good = Array(nativeJSON().utf8)
        let bad = Array("{\"app\":\"".utf8) + [0xFF] + Array("\"}".utf8)
        #expect(throws: BodyFault.malformed(reason: "this is not UTF-8", offset: 8)) {
            _ = try EventReader(bad, form: .json, now: now)
        }
        for broken in [
            [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82],
        ] {
            let bytes = Array("[\"".utf8) + broken.map { UInt8($0) } + Array("\"]".utf8)
            #expect(throws: BodyFault.malformed(reason: "this is not UTF-8", offset: 2)) {
                _ = try EventReader(bytes, form: .json, now: now)
            }
        }
        var reader = try EventReader(good + [10] + bad + [10] + good, form: .ndjson, now: now)
        let items = reader.readAll()
        #expect(items.map { $0.event != nil } == [true, false, true])
        #expect(items[1].reason == "this is not JSON at byte 8: this is not UTF-8")
    }

    @Test("in NDJSON only the bad line is rejected, and lines are counted from 1")
    func ndjson() throws {
        let body = [
            nativeJSON(), "", "  ", "{\"id\":", "[1]", "7", nativeJSON(["app": "1"]), "\"", "}",
            nativeJSON(),
        ].joined(separator: "\r\n")
        let items = try items(body, .ndjson)
        #expect(items.map(\.line) == [1, 4, 5, 6, 7, 8, 9, 10])
        #expect(items.map(\.index) == Array(0..<8))
        let isGood = items.map { $0.event != nil }
        #expect(isGood == [true] + Array(repeating: false, count: 6) + [true])
        #expect(items[2].reason == "an event must be an object, not an array")
        #expect(items[1].place == "line 4")
        #expect(try self.items("", .ndjson).isEmpty)
    }

    @Test("nesting has a limit, and a bomb of brackets is a fault")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(try items(nested(64)).count == 1)
        #expect(throws: BodyFault.malformed(reason: "it nests deeper than 64 levels", offset: 64)) {
            try items(nested(65))
        }
        #expect(throws: BodyFault.self) { try items(String(repeating: "[", count: 1_000_000)) }
        #expect(throws: BodyFault.self) {
            try items(String(repeating: "{\"a\":", count: 1_000_000))
        }
        let lines = String(repeating: "[", count: 100_000) + "\n" + nativeJSON()
        #expect(try items(lines, .ndjson).map { $0.event != nil } == [false, true])
    }

    private func items(_ json: String, _ form: EventReader.Form = .json) throws -> [ReadItem] {
        try EventReadingTests.items(json, form)
    }

    @Test("a content type selects the form; an unknown one is named in the fault")
    func contentTypes() throws {
        #expect(try EventReader.Form(contentType: nil) == .json)
        #expect(try EventReader.Form(contentType: "Application/JSON; charset=utf-8") == .json)
        #expect(try EventReader.Form(contentType: "application/x-ndjson") == .ndjson)
        #expect(try EventReader.Form(contentType: "application/cloudevents+json") == .cloudEvent)
        #expect(
            try EventReader.Form(contentType: "application/cloudevents-batch+json")
                == .cloudEventBatch)
        #expect(throws: BodyFault.unsupportedContentType("text/csv")) {
            try EventReader.Form(contentType: "text/csv")
        }
    }
}

@Suite("A content coding")
struct ContentCodingTests {
    private let text = Array(String(repeating: nativeJSON() + "\n", count: 5_000).utf8)

    private func expand(
        _ bytes: [UInt8], _ coding: ContentCoding, limit: Int = 1 << 24
    ) throws -> [UInt8] {
        try bytes.withUnsafeBytes {
            try Body.expand($0, coding: coding, limit: limit).withBytes { Array($0) }
        }
    }

    @Test("gzip, deflate in both meanings, zstd and none return the text")
    func roundTrip() throws {
        #expect(try expand(text, .identity) == text)
        #expect(try expand(gzipped(text), .gzip) == text)
        #expect(try expand(gzipped(text, windowBits: 15), .deflate) == text)
        #expect(try expand(gzipped(text, windowBits: -15), .deflate) == text)
        #expect(try expand(zstandard(text), .zstd) == text)
        #expect(try expand(gzipped(text) + gzipped(text), .gzip) == text + text)
        #expect(try expand(zstandard(text) + zstandard(text), .zstd) == text + text)
        #expect(try expand(gzipped([]), .gzip).isEmpty)
        #expect(try expand(zstandard([]), .zstd).isEmpty)
    }

    @Test("the limit holds for the expanded size, to the byte")
    func limit() throws {
        let all: [([UInt8], ContentCoding)] = [
            (text, .identity), (gzipped(text), .gzip), (zstandard(text), .zstd),
        ]
        for (bytes, coding) in all {
            #expect(try expand(bytes, coding, limit: text.count) == text)
            #expect(throws: BodyFault.tooLarge(limit: text.count - 1)) {
                try expand(bytes, coding, limit: text.count - 1)
            }
        }
        let bomb = gzipped([UInt8](repeating: 0, count: 50_000_000))
        #expect(bomb.count < 100_000)
        #expect(throws: BodyFault.tooLarge(limit: 1_000_000)) {
            try expand(bomb, .gzip, limit: 1_000_000)
        }
        #expect(throws: BodyFault.tooLarge(limit: 1_000_000)) {
            try expand(zstandard([UInt8](repeating: 0, count: 50_000_000)), .zstd, limit: 1_000_000)
        }
    }

    @Test("truncated, changed or foreign bytes are corrupt")
    func corrupt() throws {
        for (bytes, coding) in [(gzipped(text), ContentCoding.gzip), (zstandard(text), .zstd)] {
            for broken in [
                Array(bytes.dropLast()), Array(bytes.prefix(5)), [], Array("hello".utf8),
                bytes + [1, 2, 3],
            ] {
                #expect(throws: BodyFault.corrupt(encoding: coding.rawValue)) {
                    try expand(broken, coding)
                }
            }
        }
    }

    @Test("headers name the coding in any case; a chain is not decoded")
    func headers() throws {
        #expect(try ContentCoding(header: nil) == .identity)
        #expect(try ContentCoding(header: "GZIP ") == .gzip)
        #expect(throws: BodyFault.unsupportedEncoding("br")) { try ContentCoding(header: "br") }
        #expect(throws: BodyFault.self) { try ContentCoding(header: "gzip, gzip") }
    }
}
