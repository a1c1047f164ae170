import JSON
import LedgerModel
import LedgerTesting
import Testing

@Suite("Money, time, names and usage")
struct ValueTests {
    @Test(
        "picodollars print as exact dollars",
        arguments: [
            (0, "0"), (1, "0.000000000001"), (-1, "-0.000000000001"),
            (1_500_000_000_000, "1.5"), (12_000_000_000_000, "12"),
            (Int64.max, "9223372.036854775807"), (Int64.min, "-9223372.036854775808"),
        ])
    func printing(amount: Int64, text: String) {
        #expect(Picodollars(amount).description == text)
        #expect(scaledDecimal(text, scale: 12) == Int128(amount))
    }

    @Test("division rounds half to even, as the exact fraction says")
    func halfEven() {
        var random = SeededGenerator(seed: testSeed())
        #expect(dividedHalfEven(5, by: 2) == 2)
        #expect(dividedHalfEven(7, by: 2) == 4)
        #expect(dividedHalfEven(-5, by: 2) == -2)
        #expect(dividedHalfEven(-7, by: 2) == -4)
        for _ in 0..<10_000 {
            let denominator = Int128(Int64.random(in: 1...1_000, using: &random))
            let numerator = Int128(Int64.random(in: -100_000...100_000, using: &random))
            let rounded = dividedHalfEven(numerator, by: denominator)
            let error = (rounded * denominator - numerator).magnitude * 2
            #expect(error <= denominator.magnitude)
            if error == denominator.magnitude { #expect(rounded % 2 == 0) }
        }
    }

    @Test("times are printed and read back to the microsecond, over all years")
    func timeRoundTrip() throws {
        var random = SeededGenerator(seed: testSeed())
        for _ in 0..<10_000 {
            let time = Timestamp(
                unixMicroseconds: Int64.random(
                    in: -62_135_596_800_000_000...253_402_300_799_999_999, using: &random))
            #expect(Timestamp(rfc3339: time.description) == time)
        }
    }

    @Test(
        "RFC 3339 in all its spellings",
        arguments: [
            ("2026-11-23T17:10:00Z", "2026-11-23T17:10:00Z"),
            ("2026-11-23t17:10:00.1234567z", "2026-11-23T17:10:00.123456Z"),
            ("2026-11-23 17:10:00+02:30", "2026-11-23T14:40:00Z"),
            ("2024-02-29T23:59:60-01:00", "2024-03-01T01:00:00Z"),
        ])
    func spellings(text: String, canonical: String) {
        #expect(Timestamp(rfc3339: text)?.description == canonical)
    }

    @Test(
        "a text that is not a time is refused",
        arguments: [
            "10000-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z",
            "2026-11-23T24:00:00Z", "2026-11-23T17:10:00", "2026-11-23", "2026-11-23T17:10:00.Z",
            "2026-11-23T17:10:00+0200", "0000-01-01T00:00:00Z", "", "now",
            "2026-11-23T17:10:00Z ",
        ])
    func refused(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test("composed and decomposed é are two names, ordered by their bytes")
    func names() {
        let composed: Name = "caf\u{E9}"
        let decomposed: Name = "cafe\u{301}"
        #expect(composed.string == decomposed.string)
        #expect(composed != decomposed)
        #expect(decomposed < composed)
        #expect(Set([composed, decomposed]).count == 2)
    }

    @Test(
        "usage that cannot be true is refused with both numbers",
        arguments: [
            (
                [.inputTokens: 10, .cacheReadInputTokens: 11],
                "cache_read_input_tokens is 11, more than the 10 input_tokens that include it"
            ),
            (
                [.inputTokens: 10, .cacheReadInputTokens: 6, .cacheWriteInputTokens: 5],
                "cache_read_input_tokens + cache_write_input_tokens is 11, more than the 10 "
                    + "input_tokens that include it"
            ),
            (
                [.reasoningOutputTokens: 1],
                "reasoning_output_tokens is 1, more than the 0 output_tokens that include it"
            ),
            (
                [.inputTokens: -1],
                "input_tokens is -1: a count must lie between 0 and 1000000000000000"
            ),
            (
                [.inputSeconds: -1_500_000],
                "input_seconds is -1.5: a count must lie between 0 and 1000000000"
            ),
        ] as [(Usage, String)])
    func contradictions(usage: Usage, reason: String) {
        let error = #expect(throws: UsageContradiction.self) { try usage.validate() }
        #expect(error?.description == reason)
    }

    @Test("labels sort by bytes, and a duplicate key is refused")
    func labels() throws {
        let labels = try Labels([("b", "1"), ("a\u{E9}", "2"), ("a", "\u{1}\"")])
        #expect(labels.canonicalJSON == #"{"a":"\u0001\"","aé":"2","b":"1"}"#)
        #expect(throws: Labels.Refusal.duplicateKey("b")) { try Labels([("b", "1"), ("b", "2")]) }
        let many = (0..<33).map { (key: Name("k\($0)"), value: Name("")) }
        #expect(throws: Labels.Refusal.tooMany(33)) { try Labels(many) }
        let long = [(key: Name("k"), value: Name(String(repeating: "x", count: 1_024)))]
        #expect(throws: Labels.Refusal.tooLong(bytes: 1_025)) { try Labels(long) }
    }

    @Test("months hold their ids and days their times")
    func months() throws {
        let time = try #require(Timestamp(rfc3339: "2024-12-31T23:59:59.999999Z"))
        #expect(time.month == Month(year: 2024, month: 12))
        #expect(time.month.next.description == "2025-01")
        #expect(time.startOfDay.description == "2024-12-31T00:00:00Z")
        let id = EventID(at: time, entropy: (.max, .max))
        #expect(EventID.first(of: time.month) <= id)
        #expect(id < EventID.first(of: time.month.next))
        #expect(id.isVersion7)
    }
}
