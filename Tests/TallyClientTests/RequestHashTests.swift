import LedgerModel
import TallyClient
import Testing

@Suite("The hash of a request, from a client")
struct RequestHashTests {
    @Test("a record tells which request it was, and refuses what is no SHA-256")
    func encoded() throws {
        var record = UsageRecord.numbered(1)
        record.requestHash = String(repeating: "aB", count: 32)
        let line = try RecordEncoder.line(record, defaults: Attribution())
        let text = String(decoding: line.bytes, as: UTF8.self)
        let hash = String(repeating: "ab", count: 32)
        #expect(text.hasSuffix(#","request_hash":"\#(hash)"}"#))
        record.requestHash = "chat-7"
        #expect(throws: RecordEncoder.Refusal.self) {
            try RecordEncoder.line(record, defaults: Attribution())
        }
    }
}
