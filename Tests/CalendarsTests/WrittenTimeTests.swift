import Calendars
import LedgerModel
import LedgerTesting
import Testing

@Suite("Times as people write them")
struct WrittenTimeTests {
    private let now = Timestamp(year: 2026, month: 11, day: 29).advanced(
        byMicroseconds: 16 * Timestamp.hourMicroseconds + 123_456)

    @Test(
        "a time is exact, or relative to now",
        arguments: [
            ("now", "2026-11-29T16:00:00.123456Z"), ("today", "2026-11-29T00:00:00Z"),
            ("Yesterday", "2026-11-28T00:00:00Z"), ("24h", "2026-11-28T16:00:00.123456Z"),
            ("7d", "2026-11-22T16:00:00.123456Z"), ("2w", "2026-11-15T16:00:00.123456Z"),
            ("0h", "2026-11-29T16:00:00.123456Z"), ("2026-11-01", "2026-11-01T00:00:00Z"),
            ("2026-11-01T12:00:00+02:00", "2026-11-01T10:00:00Z"),
            ("2026-11-01 12:00:00", "2026-11-01T12:00:00Z"), ("2026-12", "2026-12-01T00:00:00Z"),
        ])
    func forms(text: String, time: String) {
        #expect(Timestamp(written: text, at: now)?.description == time)
    }

    @Test("a month begins as a start and is over as an end; a day is its midnight as both")
    func bounds() {
        func end(_ text: String) -> String? {
            Timestamp(written: text, as: .end, at: now)?.description
        }
        #expect(end("2026-11") == "2026-12-01T00:00:00Z")
        #expect(end("2026-12") == "2027-01-01T00:00:00Z")
        #expect(end("2026-11-29") == "2026-11-29T00:00:00Z")
        #expect(end("today") == "2026-11-29T00:00:00Z")
    }

    @Test(
        "anything else is refused",
        arguments: [
            "", "d", "-7d", "+7d", "7", "7m", "7 d", "1.5d", "٧d", "999999999999999999999d",
            "36601d", "tomorrow", "2026", "2026-13", "2026-1", "0000-01", "2026-11-31", "noon",
            "2026-11-", "2026/11",
        ])
    func refused(text: String) {
        #expect(Timestamp(written: text, at: now) == nil)
    }

    @Test("what is written with more units is longer ago, and every time reads back as itself")
    func properties() throws {
        var random = SeededGenerator(seed: testSeed())
        for _ in 0..<2_000 {
            let now = Timestamp(
                unixMicroseconds: Int64.random(
                    in: 0...4_102_444_800_000_000, using: &random))
            #expect(Timestamp(written: now.description, at: .earliest) == now)
            let count = Int64.random(in: 0...500, using: &random)
            let (hours, days, weeks) = try (
                #require(Timestamp(written: "\(count * 24)h", at: now)),
                #require(Timestamp(written: "\(count)d", at: now)),
                #require(Timestamp(written: "\(count)w", at: now))
            )
            #expect(hours == days)
            #expect(
                weeks.microseconds - now.microseconds == 7 * (days.microseconds - now.microseconds))
            let month = now.month.description
            let start = try #require(Timestamp(written: month, as: .start, at: now))
            let end = try #require(Timestamp(written: month, as: .end, at: now))
            #expect(start <= now && now < end)
            let today = try #require(Timestamp(written: "today", at: now))
            #expect(today <= now && Timestamp(written: today.dayDescription, at: now) == today)
        }
    }
}
