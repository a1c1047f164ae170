import Estimating
import LedgerTesting
import Testing

@Suite("Prediction of lengths")
struct LengthPredictorTests {
    @Test("without history the prior answers, says so, and is not calibrated")
    func empty() {
        let prediction = LengthPredictor(LengthHistory()).predict()
        #expect(prediction.observations == 0)
        #expect(prediction.calibratedOn == nil)
        #expect(prediction.basis.allSatisfy { $0.share == 0 })
        #expect(prediction.lower < 32 && prediction.upper > 1_000)
        #expect(LengthPredictor(LengthHistory()).holdTokens() <= 8_191)
        #expect(LengthPredictor(LengthHistory()).holdTokens(maxTokens: 500) == 500)
    }

    @Test("a limit caps every figure, and changes none below it")
    func capped() {
        let history = Self.history(days: 10) { _ in Array(repeating: 100, count: 200) + [5_000] }
        let predictor = LengthPredictor(history)
        let free = predictor.predict()
        let capped = predictor.predict(maxTokens: 60)
        #expect(free.median == 100 && free.mean > 100)
        #expect(capped.median == 60 && capped.mean <= 60)
        #expect(capped.lower <= capped.upper && capped.upper == 60)
        #expect(predictor.predict(maxTokens: 1_000_000).upper == free.upper)
        #expect(predictor.holdTokens(maxTokens: 60) == 60)
        #expect(predictor.holdTokens(maxTokens: 1_000_000) == predictor.holdTokens())
    }

    @Test("one answer of a feature similar to its model changes little, a thousand change much")
    func pooling() throws {
        var random = SeededGenerator(seed: testSeed())
        let model = (0..<5_000).map { _ in Self.length(around: 200, &random) }
        var shares: [Double] = []
        for count in [1, 1_000] {
            var history = LengthHistory()
            let own = Array(model.prefix(count))
            for level in [LengthHistory.Level.ledger, .model] {
                history[level] = [.init(age: 0, lengths: LengthHistogram(model))]
            }
            for level in [LengthHistory.Level.app, .feature, .shape] {
                history[level] = [.init(age: 0, lengths: LengthHistogram(own))]
            }
            let prediction = LengthPredictor(history).predict()
            #expect(abs(prediction.mean - 200) < 20)
            let basis = try #require(prediction.basis.first)
            #expect(basis.level == .shape && basis.observations == Int64(count))
            shares.append(basis.share)
        }
        #expect(shares[0] < 0.02 && shares[1] > 0.4)
    }

    @Test("a feature that differs from its model is distinguished after forty answers")
    func apart() {
        var random = SeededGenerator(seed: testSeed())
        let others = (0..<5_000).map { _ in Self.length(around: 1_000, &random) }
        for _ in 0..<20 {
            let own = (0..<40).map { _ in Self.length(around: 20, &random) }
            var history = LengthHistory()
            for level in [LengthHistory.Level.ledger, .model, .app] {
                history[level] = [.init(age: 0, lengths: LengthHistogram(others + own))]
            }
            for level in [LengthHistory.Level.feature, .shape] {
                history[level] = [.init(age: 0, lengths: LengthHistogram(own))]
            }
            // The model's other answers pull the median up a little: not beyond two thirds of the
            // forty.
            let sorted = own.sorted()
            let median = LengthPredictor(history).predict().median
            #expect((sorted[16]...sorted[27]).contains(median), "\(median) of \(sorted)")
        }
    }

    @Test("nine of ten answers lie in the interval, and one in a hundred beyond the hold")
    func coverage() {
        var random = SeededGenerator(seed: testSeed())
        for middle in [3.0, 40, 900] {
            var (inside, held) = (0, 0)
            // A calibration on so few days has random errors, but the mean of several is right.
            for _ in 0..<10 {
                let history = Self.history(days: 30) { _ in
                    (0..<200).map { _ in Self.length(around: middle, &random) }
                }
                let predictor = LengthPredictor(history)
                let prediction = predictor.predict()
                let hold = predictor.holdTokens()
                #expect(prediction.calibratedOn == .shape)
                for _ in 0..<2_000 {
                    let length = Self.length(around: middle, &random)
                    inside += (prediction.lower...prediction.upper).contains(length) ? 1 : 0
                    held += length <= hold ? 1 : 0
                }
            }
            // Lengths are whole numbers: around 3, a single one is a fifth of all answers.
            let most = middle < 10 ? 0.985 : 0.93
            #expect((0.87...most).contains(Double(inside) / 20_000), "around \(middle): \(inside)")
            #expect(Double(held) / 20_000 > 0.98, "around \(middle): \(held)")
        }
    }

    @Test("after answers have doubled, intervals follow within a week")
    func drift() {
        var random = SeededGenerator(seed: testSeed())
        let days = (0..<40).map { day in
            (0..<300).map { _ in Self.length(around: day < 20 ? 200 : 400, &random) }
        }
        for today in [27, 39] {
            let history = Self.history(days: today) { days[$0] }
            let prediction = LengthPredictor(history).predict()
            let covered = days[today].count { (prediction.lower...prediction.upper).contains($0) }
            #expect(covered >= 240, "day \(today): \(covered) of 300")
        }
    }

    @Test("a larger coverage widens the interval, and a smaller risk raises the hold")
    func monotone() {
        var random = SeededGenerator(seed: testSeed())
        for _ in 0..<10 {
            let middle = Double.random(in: 5...2_000, using: &random)
            let history = Self.history(days: Int.random(in: 1...6, using: &random)) { _ in
                (0..<120).map { _ in Self.length(around: middle, &random) }
            }
            let predictor = LengthPredictor(history)
            let uppers = [0.5, 0.8, 0.9, 0.99].map { predictor.predict(coverage: $0) }
            for (narrow, wide) in zip(uppers, uppers.dropFirst()) {
                #expect(narrow.lower >= wide.lower && narrow.lower <= narrow.upper)
            }
            let holds = [0.2, 0.1, 0.01, 0.001].map { predictor.holdTokens(risk: $0) }
            #expect(holds == holds.sorted())
        }
    }

    // MARK: Histories

    /// The same days at every level, the last of them yesterday's.
    private static func history(
        days: Int, _ lengths: (Int) -> [Int64]
    ) -> LengthHistory {
        let periods = (0..<days).map { day in
            LengthHistory.Period(age: days - day, lengths: LengthHistogram(lengths(day)))
        }
        return LengthHistory(
            Dictionary(uniqueKeysWithValues: LengthHistory.Level.allCases.map { ($0, periods) }))
    }

    /// A skewed length, as of answers, with the given mean.
    private static func length(around middle: Double, _ random: inout SeededGenerator) -> Int64 {
        let factors = (0..<3).map { _ in Double.random(in: 0.25...1.75, using: &random) }
        return Int64((middle * factors.reduce(1, *)).rounded())
    }
}
