import Estimating
import LedgerModel
import LedgerTesting
import Performance
import Testing

@Suite("What is worse than it usually is")
struct RegressionTests {
    @Test("noise, with hours that differ, raises next to no alarm in 60 histories")
    func noise() {
        var series = PerformanceSeries(seed: testSeed())
        let detector = RegressionDetector(at: series.now)
        var alarms = 0
        var shape = PerformanceSeries.Shape()
        shape.requests = 200
        for _ in 0..<60 {
            let cells = series.cells(detector, usual: shape, now: shape)
            alarms += detector.regressions(cells).filter(\.isBreached).count
        }
        // About one in a hundred runs has one.
        #expect(alarms <= 1)
    }

    @Test("a slower first token is told, with the stage that grew and the evidence")
    func firstToken() throws {
        var series = PerformanceSeries(seed: testSeed())
        let detector = RegressionDetector(at: series.now)
        for _ in 0..<20 {
            var shape = PerformanceSeries.Shape()
            shape.firstToken = 3
            let found = detector.regressions(series.cells(detector, now: shape))
            let first = try #require(
                found.first { $0.measure == .timeToFirstToken && $0.isBreached })
            #expect(first.percentile == 50)
            #expect(first.now > 2 * first.before)
            #expect((first.effect ?? 0) > 0.8)
            #expect(first.p < 1e-6)
            #expect(first.basis == .hourOfWeek)
            #expect(first.samples == 4)
            #expect(first.stages.first?.stage == "first_token")
            #expect((first.stages.first?.share ?? 0) > 0.5)
            #expect(first.apps.first?.app == "search")
            #expect(first.sentence.hasPrefix("fast/openai/gpt-4o: time to first token p50"))
            #expect(!found.contains { $0.measure == .failures && $0.isBreached })
        }
    }

    @Test("a slow generation lowers the rate and raises the latency")
    func generation() {
        var series = PerformanceSeries(seed: testSeed())
        let detector = RegressionDetector(at: series.now)
        var shape = PerformanceSeries.Shape()
        shape.generation = 2.5
        let found = detector.regressions(series.cells(detector, now: shape))
        let measures = Set(found.filter(\.isBreached).map(\.measure))
        #expect(measures == [.latency, .outputRate])
        #expect(found.first { $0.measure == .outputRate }.map { $0.change > 1 } == true)
        #expect(
            found.first { $0.measure == .latency }?.stages.first?.stage == CallStage.relay.rawValue)
    }

    @Test("a queue that grows is told, though latency hardly moves")
    func queue() {
        var series = PerformanceSeries(seed: testSeed())
        let detector = RegressionDetector(at: series.now)
        var shape = PerformanceSeries.Shape()
        shape.schedule = 4
        let found = detector.regressions(series.cells(detector, now: shape))
        #expect(found.contains { $0.measure == .queue && $0.isBreached })
        #expect(!found.contains { $0.measure == .outputRate && $0.isBreached })
    }

    @Test("a tail that grows is told by its share, where the median stays")
    func tail() throws {
        var series = PerformanceSeries(seed: testSeed())
        let detector = RegressionDetector(at: series.now)
        var shape = PerformanceSeries.Shape()
        shape.requests = 1_000
        shape.tail = 0.15
        let found = detector.regressions(series.cells(detector, now: shape))
        let tail = try #require(found.first { $0.measure == .timeToFirstToken })
        #expect(tail.isBreached)
        #expect(tail.percentile == 95)
        #expect((tail.effect ?? 0) >= 2)
    }

    @Test("failures are told where they are the provider's")
    func failures() {
        var series = PerformanceSeries(seed: testSeed())
        let detector = RegressionDetector(at: series.now)
        var shape = PerformanceSeries.Shape()
        shape.failures = 0.2
        var cells = series.cells(detector, now: shape)
        #expect(
            detector.regressions(cells).contains { $0.measure == .failures && $0.isBreached })
        let ofCallers = cells[0].sums
        var sums = ofCallers
        sums.failures = [.invalid: ofCallers.failed]
        cells[0] = RegressionDetector.Cell(
            series: cells[0].series, app: "search", span: 0, sums: sums)
        #expect(!detector.regressions(cells).contains { $0.measure == .failures && $0.isBreached })
    }

    @Test("few requests, or a series without a past, say nothing")
    func tooFew() {
        var series = PerformanceSeries(seed: testSeed())
        let detector = RegressionDetector(at: series.now)
        var shape = PerformanceSeries.Shape()
        shape.firstToken = 5
        shape.requests = 40
        #expect(detector.regressions(series.cells(detector, now: shape)).isEmpty)
        shape.requests = 200
        #expect(detector.regressions(series.cells(detector, now: shape, spans: 0..<4)).isEmpty)
        let young = series.cells(detector, now: shape)
            .filter { $0.span == 0 || $0.span > BaselineTimes.days }
        #expect(detector.regressions(young).contains { $0.basis == .lastDay && $0.isBreached })
    }

    @Test("the rank test is right on small samples and sees no difference in equal ones")
    func ranks() throws {
        let small = try #require(
            RankTest(now: LengthHistogram([3, 4, 5]), before: LengthHistogram([1, 2, 3])))
        // Of nine pairs eight are larger and one is a tie.
        #expect(abs(small.larger - 8.5 / 9) < 1e-12)
        let same = LengthHistogram((0..<500).map { $0 % 60 })
        let equal = try #require(RankTest(now: same, before: same))
        #expect(abs(equal.larger - 0.5) < 1e-12)
        #expect(abs(equal.z) < 1e-9)
        #expect(equal.p > 0.999)
        #expect(RankTest(now: LengthHistogram(), before: same) == nil)
        let shares = try #require(ShareTest(now: (30, 100), before: (10, 100)))
        // Two proportions of 100: (0.3 − 0.1) / √(0.2 · 0.8 · 0.02).
        #expect(abs(shares.z - 3.535_533_905_9) < 1e-6)
    }

    @Test("without stages, time is split at the first token")
    func withoutStages() {
        var series = PerformanceSeries(seed: testSeed())
        let detector = RegressionDetector(at: series.now)
        var usual = PerformanceSeries.Shape()
        usual.isStaged = false
        var shape = usual
        shape.firstToken = 4
        let found = detector.regressions(series.cells(detector, usual: usual, now: shape))
        #expect(
            found.first { $0.measure == .timeToFirstToken }?.stages.first?.stage == "first_token")
    }
}
