import Estimating
import LedgerModel
import LedgerTesting
import Performance
import Testing

@Suite("How requests did, added up")
struct SumsTests {
    @Test("parts that are merged in any order are the whole")
    func merging() {
        var series = PerformanceSeries(seed: testSeed())
        let parts = (0..<12).map { _ in
            var shape = PerformanceSeries.Shape()
            shape.requests = Int.random(in: 1...80, using: &series.chance)
            shape.failures = 0.2
            return series.sums(shape)
        }
        var whole = PerformanceSums()
        for part in parts { whole += part }
        var shuffled = PerformanceSums()
        for part in parts.shuffled(using: &series.chance) { shuffled += part }
        #expect(shuffled == whole)
        #expect(whole.latency.total == whole.succeeded)
        var halves = PerformanceSums()
        for half in [parts[..<5], parts[5...]] {
            var sum = PerformanceSums()
            for part in half { sum += part }
            halves += sum
        }
        #expect(halves == whole)
    }

    @Test("quantiles of merged histograms are within 5 % of the values' own")
    func quantiles() throws {
        let seed = testSeed()
        var chance = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let values = (0..<Int.random(in: 20...500, using: &chance)).map { _ in
                // Magnitudes from 64 microseconds to an hour.
                Int64.random(in: 64...128, using: &chance)
                    << Int64.random(in: 0...25, using: &chance)
            }.sorted()
            var merged = LengthHistogram()
            for start in stride(from: 0, to: values.count, by: 37) {
                merged.merge(LengthHistogram(values[start..<min(start + 37, values.count)]))
            }
            for part in [0.05, 0.5, 0.9, 0.95, 0.99] {
                let rank = max(1, Int((part * Double(values.count)).rounded(.up)))
                let exact = Double(values[rank - 1])
                let found = Double(try #require(merged.quantile(part)))
                #expect(abs(found - exact) <= 0.05 * exact)
            }
        }
    }

    @Test("slots come back from their numbers, and a time is not longer than its bucket's end")
    func slots() {
        let hour = Timestamp(year: 2026, month: 11, day: 24)
        var numbers: Set<Int> = []
        for minute in 0..<60 {
            let time = hour.advanced(byMicroseconds: Int64(minute) * 60_000_000)
            for microseconds in [Int64](arrayLiteral: 0, 63, 900, 812_345, 60_000_000, .max) {
                let slot = SlotBucket(at: time, failure: nil, microseconds: microseconds)
                #expect(slot.slot == minute / 5)
                #expect(SlotBucket(number: slot.number) == slot)
                numbers.insert(slot.number)
                guard case .took(let bucket) = slot.outcome else {
                    Issue.record("a time has a bucket")
                    continue
                }
                if microseconds < 1_000_000_000 {
                    #expect(SlotBucket.end(of: bucket) >= microseconds)
                    #expect(
                        Double(SlotBucket.end(of: bucket)) <= Double(microseconds) * 1.07 + 2)
                }
            }
        }
        #expect(numbers.allSatisfy { $0 < 32_768 })
        let failed = SlotBucket(at: hour, failure: .timeout, microseconds: 5)
        #expect(failed.outcome == .failed)
        #expect(SlotBucket(at: hour, failure: .budget, microseconds: nil).outcome == .refused)
        #expect(SlotBucket(at: hour, failure: nil, microseconds: nil).outcome == .done)
        #expect(SlotBucket(number: -1) == nil)
        #expect(SlotBucket(number: 12 * 512) == nil)
    }

    @Test("what a token and a success cost is unknown where a request has no price")
    func money() {
        var sums = PerformanceSums()
        sums.requests = 4
        sums.failed = 1
        sums.outputTokens = 2_000
        sums.cost = PicodollarSum(6_000_000)
        #expect(sums.costPerThousandOutputTokens == PicodollarSum(3_000_000))
        #expect(sums.costPerSuccess == PicodollarSum(2_000_000))
        sums.unpriced = 1
        #expect(sums.costPerThousandOutputTokens == nil)
        #expect(sums.costPerSuccess == nil)
    }

    @Test("stages are read as they are written, and what is not is left out")
    func stages() {
        let times = CallStage.times("route:12,admit:3,call:812345,first_token:9".utf8)
        #expect(times.map(\.stage) == [.route, .admit, .call, .firstToken])
        #expect(times.map(\.time) == [12, 3, 812_345, 9])
        #expect(CallStage.times("".utf8).isEmpty)
        let odd = CallStage.times(
            "route:-1,nope:5,call,call:,hold:7:8,book:999999999999999,cache:1".utf8)
        #expect(odd.map(\.stage) == [.cache])
    }

    @Test(
        "failures have a class by their status, or else by their word",
        arguments: [
            (429, nil, FailureClass.rateLimited), (529, nil, .overloaded), (503, "x", .overloaded),
            (504, nil, .timeout), (500, nil, .server), (400, nil, .invalid), (402, nil, .budget),
            (401, nil, .unauthorized), (499, nil, .cancelled), (nil, "APITimeoutError", .timeout),
            (nil, "RateLimitError", .rateLimited), (nil, "APIConnectionError", .network),
            (nil, "overloaded_error", .overloaded), (nil, nil, .other), (nil, "weird", .other),
        ] as [(Int32?, String?, FailureClass)])
    func classes(_ status: Int32?, _ type: String?, _ expected: FailureClass) {
        #expect(FailureClass(status: status, errorType: type) == expected)
    }
}
