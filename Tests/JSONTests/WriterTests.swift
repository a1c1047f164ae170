import Foundation
import JSON
import LedgerTesting
import Testing

@Suite("Writing JSON")
struct WriterTests {
    @Test("commas are between members and elements, and nowhere else")
    func commas() {
        var json = JSONWriter()
        json.object { json in
            json.field("text", "a")
            json.field("missing", nil as String?)
            json.field("count", -7)
            json.field("share", 0.25)
            json.field("infinite", Double.infinity)
            json.field("is_set", true)
            json.field("price", raw: "1.10")
            json.key("empty")
            json.object { _ in }
            json.key("list")
            json.array(of: [[1, 2], []]) { json, items in
                json.array(of: items) { json, item in json.value(item) }
            }
        }
        json.endLine()
        json.array { json in json.value("second line") }
        #expect(
            json.text == """
                {"text":"a","missing":null,"count":-7,"share":0.25,"infinite":null,"is_set":true,\
                "price":1.10,"empty":{},"list":[[1,2],[]]}
                ["second line"]
                """)
    }

    @Test("only quotation marks, backslashes and controls are escaped, as the ledger's hash needs")
    func escapes() {
        for value in UInt8.min..<0x80 {
            let text = "a" + String(UnicodeScalar(value)) + "é漢😀"
            let escaped =
                switch value {
                case 0..<0x10: "\\u000" + String(value, radix: 16)
                case 0x10..<0x20: "\\u00" + String(value, radix: 16)
                case UInt8(ascii: "\""): "\\\""
                case UInt8(ascii: "\\"): "\\\\"
                default: String(UnicodeScalar(value))
                }
            var (written, bytes) = (JSONWriter(), [UInt8]())
            written.value(text)
            Array(text.utf8).withUnsafeBytes { bytes.append(quoting: $0) }
            #expect(written.text == "\"a\(escaped)é漢😀\"")
            #expect(bytes == written.bytes)
        }
    }

    @Test("Foundation's reader reads every text back")
    func roundTrip() throws {
        let seed = testSeed()
        var random = SeededGenerator(seed: seed)
        for round in 0..<2_000 {
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                let limit: UInt32 = Bool.random(using: &random) ? 0x80 : 0x11_0000
                let scalar = Unicode.Scalar(UInt32.random(in: 0..<limit, using: &random))
                text.append(scalar ?? "\u{FFFD}")
            }
            var json = JSONWriter()
            json.array { json in json.value(String(text)) }
            let read = try JSONDecoder().decode([String].self, from: Data(json.bytes))
            #expect(
                read.count == 1 && read[0].utf8.elementsEqual(String(text).utf8),
                "seed \(seed), round \(round)")
        }
    }
}
