import Estimating
import LedgerModel
import LedgerTesting
import Performance
import Pricing
import Testing

@Suite("Objectives and burn rates")
struct ObjectiveTests {
    private static let now = Timestamp(year: 2026, month: 11, day: 24)
        .advanced(byMicroseconds: 50_520_000_000)
    private static let objective = ServiceObjective(
        name: "available", goal: .availability, missesPerMillion: 1_000)

    /// Three days of requests by five minutes, of which a part fails: the part by the minutes before
    /// now.
    private static func slices(
        _ objective: ServiceObjective = objective, requests: Int64 = 1_000,
        failing part: (Int64) -> Double
    ) -> ObjectiveSlices {
        var slices = ObjectiveSlices(of: objective)
        let hour = Timestamp.hourMicroseconds
        let first = now.advanced(byMicroseconds: -(now.timeOfDay % hour))
        for back in 0..<80 {
            let start = first.advanced(byMicroseconds: -Int64(back) * hour)
            var sums = PerformanceSums()
            for slot in 0..<SlotBucket.slots {
                let begin = start.advanced(
                    byMicroseconds: Int64(slot) * SlotBucket.slotMicroseconds)
                guard begin <= now else { continue }
                let minutes = (now.microseconds - begin.microseconds) / 60_000_000
                let failed = Int64((Double(requests) * part(minutes)).rounded())
                sums.latencySlots[SlotBucket(slot: slot, outcome: .failed)] = failed
                sums.latencySlots[SlotBucket(slot: slot, outcome: .done)] = requests - failed
                // What callers do themselves counts for nothing.
                sums.latencySlots[SlotBucket(slot: slot, outcome: .refused)] = 500
            }
            slices.add(sums, hour: start)
        }
        return slices
    }

    private static func breached(_ slices: ObjectiveSlices) -> [Bool] {
        slices.burns(at: now).map(\.isBreached)
    }

    @Test("a service that keeps its objective burns nothing too fast")
    func quiet() {
        let slices = Self.slices(requests: 10_000) { _ in 0.000_9 }
        #expect(Self.breached(slices) == [false, false, false])
    }

    @Test("an outage of an hour burns in the shortest window; one that is over does not")
    func outage() {
        // 2 % of an objective of 99.9 %: twenty times as fast as it may.
        #expect(
            Self.breached(Self.slices { $0 <= 65 ? 0.02 : 0 }) == [true, false, false])
        #expect(
            Self.breached(Self.slices { (15...90).contains($0) ? 0.02 : 0 })[0] == false)
    }

    @Test("a slower burn is told by the longer windows")
    func slow() {
        #expect(
            Self.breached(Self.slices { $0 <= 6 * 60 + 10 ? 0.007 : 0 }) == [false, true, false])
        #expect(Self.breached(Self.slices { _ in 0.002 }) == [false, false, true])
    }

    @Test("a rate is what missed over what may")
    func rates() throws {
        let slices = Self.slices { _ in 0.005 }
        let burn = try #require(slices.burns(at: Self.now).first)
        #expect(abs((burn.longRate ?? 0) - 5) < 1e-9)
        #expect(abs((burn.shortRate ?? 0) - 5) < 1e-9)
        // The five minutes that run, and the five before them.
        #expect(burn.short.of == 2_000)
        #expect(burn.long.of == 13_000)
    }

    @Test("a few misses of few requests are nobody's alarm")
    func few() {
        let slices = Self.slices(requests: 1) { $0 <= 15 ? 1 : 0 }
        #expect(Self.breached(slices) == [false, false, false])
    }

    @Test("a failed attempt counts for its provider, not for who went on to another one")
    func attempts() {
        var sums = PerformanceSums()
        sums.requests = 110
        sums.failed = 10
        sums.failures = [.overloaded: 10]
        sums.attempts = 8
        let hour = Self.now.advanced(
            byMicroseconds: -(Self.now.timeOfDay % Timestamp.hourMicroseconds))
        sums.latencySlots[SlotBucket(slot: 0, outcome: .done)] = 100
        sums.latencySlots[SlotBucket(slot: 0, outcome: .failed)] = 2
        sums.latencySlots[
            SlotBucket(at: hour, failure: .overloaded, isAttempt: true, microseconds: 5)] = 8
        let ofProvider = ServiceObjective(
            name: "acme", goal: .availability, missesPerMillion: 10_000, provider: "acme")
        for (objective, counts) in [
            (Self.objective, ObjectiveCounts(missed: 2, of: 102)),
            (ofProvider, ObjectiveCounts(missed: 10, of: 110)),
        ] {
            var slices = ObjectiveSlices(of: objective)
            slices.add(sums, hour: hour)
            #expect(slices.counts(ofLast: 3_600, before: Self.now) == counts)
            #expect(objective.counts(sums) == counts)
        }
    }

    @Test("latencies beyond the goal miss it, by buckets of a sixteenth")
    func latency() {
        let objective = ServiceObjective(
            name: "fast", goal: .latency(2_000_000), missesPerMillion: 50_000)
        var slices = ObjectiveSlices(of: objective)
        var sums = PerformanceSums()
        let hour = Self.now.advanced(
            byMicroseconds: -(Self.now.timeOfDay % Timestamp.hourMicroseconds))
        for (microseconds, count) in [(900_000, 70), (1_700_000, 20), (2_200_000, 10)] {
            let slot = SlotBucket(at: hour, failure: nil, microseconds: Int64(microseconds))
            sums.latencySlots[slot, default: 0] += Int64(count)
            sums.latency.add(Int64(microseconds), count: Int64(count))
        }
        sums.latencySlots[SlotBucket(at: hour, failure: .server, microseconds: nil)] = 30
        slices.add(sums, hour: hour)
        let counts = slices.counts(ofLast: 3_600, before: Self.now)
        #expect(counts == ObjectiveCounts(missed: 10, of: 100))
        #expect(objective.counts(sums) == ObjectiveCounts(missed: 10, of: 100))
        #expect(abs((counts.burn(of: objective) ?? 0) - 2) < 1e-9)
    }

    @Test("a file names objectives, with what they are about")
    func file() throws {
        let objectives = try ObjectiveFile.read(
            """
            tally_slos: 1
            slos:
              search-begins:
                goal: 99.5%
                time_to_first_token: 800ms
                period: 7d
                only: {app: search, route: fast, model: gpt-4o-mini}
              up:
                goal: 99.9%
            """)
        #expect(
            objectives == [
                ServiceObjective(
                    name: "search-begins", goal: .timeToFirstToken(800_000),
                    missesPerMillion: 5_000, days: 7, app: "search", model: "gpt-4o-mini",
                    route: "fast"),
                ServiceObjective(name: "up", goal: .availability, missesPerMillion: 1_000),
            ])
        #expect(objectives[0].text == "99.5 % begin within 800 ms")
    }

    @Test(
        "a file with anything else is refused",
        arguments: [
            "tally_slos: 2", "tally_slos: 1", "tally_slos: 1\nslos: {a: {}}",
            "tally_slos: 1\nslos: {a: {goal: 100%}}", "tally_slos: 1\nslos: {a: {goal: 0.5}}",
            "tally_slos: 1\nslos: {a: {goal: 99%, latency: 2}}",
            "tally_slos: 1\nslos: {a: {goal: 99%, latency: 2s, time_to_first_token: 1s}}",
            "tally_slos: 1\nslos: {a: {goal: 99%, only: {team: x}}}",
            "tally_slos: 1\nslos: {a: {goal: 99%, period: 1h}}",
            "tally_slos: 1\nslos: {a: {goal: 99%, lateny: 2s}}",
        ])
    func refused(_ text: String) {
        #expect(throws: PriceFileError.self) { try ObjectiveFile.read(text) }
    }
}
