import Estimating
import LedgerTesting
import Testing

@Suite("Histograms of lengths")
struct LengthHistogramTests {
    @Test("merging parts in any order gives the histogram of the whole")
    func mergeIsWhole() {
        var random = SeededGenerator(seed: testSeed())
        for _ in 0..<200 {
            let lengths = Self.lengths(Int.random(in: 0...300, using: &random), &random)
            var parts = Array(repeating: LengthHistogram(), count: 5)
            for length in lengths {
                parts[Int.random(in: 0..<5, using: &random)].add(length)
            }
            parts.shuffle(using: &random)
            let merged = parts.reduce(into: LengthHistogram()) { $0.merge($1) }
            #expect(merged == LengthHistogram(lengths))
            #expect(merged.total == Int64(lengths.count))
        }
    }

    @Test("a quantile is within 1.6 % of the exact one, and exact below 64")
    func quantileError() throws {
        var random = SeededGenerator(seed: testSeed())
        for _ in 0..<200 {
            let lengths = Self.lengths(Int.random(in: 1...400, using: &random), &random).sorted()
            let histogram = LengthHistogram(lengths)
            for _ in 0..<20 {
                let part = Double.random(in: 0.001...1, using: &random)
                let rank = Int((part * Double(lengths.count)).rounded(.up))
                let exact = lengths[max(1, rank) - 1]
                let found = try #require(histogram.quantile(part))
                #expect(
                    abs(found - exact) * 1_000 <= exact * 16,
                    "\(part) of \(lengths.count): \(exact)")
                if exact < 64 { #expect(found == exact) }
            }
        }
        #expect(LengthHistogram().quantile(0.5) == nil)
    }

    @Test("buckets meet without gaps up to the largest count of an event")
    func buckets() {
        for bucket in 0..<LengthHistogram.bucketsMax - 1 {
            let (start, end) = (LengthHistogram.start(of: bucket), LengthHistogram.end(of: bucket))
            #expect(LengthHistogram.start(of: bucket + 1) == end + 1)
            for length in [start, LengthHistogram.middle(of: bucket), end] {
                #expect(LengthHistogram.bucket(of: length) == bucket)
            }
        }
        #expect(LengthHistogram.bucket(of: 1_000_000_000_000_000) < LengthHistogram.bucketsMax)
    }

    @Test("a limit would cut exactly the lengths beyond it")
    func tails() {
        let histogram = LengthHistogram([10, 20, 20, 60])
        #expect(histogram.tokens == 110)
        #expect(histogram.tokens(above: 20) == 40)
        #expect(histogram.count(above: 20) == 1)
        #expect(histogram.count(above: 9) == 4)
    }

    @Test("a prompt's shape has its octave and its requests, and reads back")
    func shapes() {
        for (tokens, range) in [(0, 0...0), (1, 1...1), (7, 4...7), (1_024, 1_024...2_047)] {
            let shape = PromptShape(inputTokens: Int64(tokens), hasTools: true)
            #expect(shape.inputTokens == Int64(range.lowerBound)...Int64(range.upperBound))
            #expect(shape.hasTools && !shape.wantsJSON && !shape.hasImages)
            #expect(PromptShape(code: shape.code) == shape)
        }
        #expect(PromptShape(inputTokens: nil).inputTokens == nil)
        let codes = Set(
            (0..<8).map { bits in
                PromptShape(
                    inputTokens: 5, hasTools: bits & 4 != 0, wantsJSON: bits & 2 != 0,
                    hasImages: bits & 1 != 0
                ).code
            })
        #expect(codes.count == 8)
    }

    /// Lengths of every order of magnitude.
    private static func lengths(_ count: Int, _ random: inout SeededGenerator) -> [Int64] {
        (0..<count).map { _ in
            let top = Int64(1) << Int64.random(in: 0...40, using: &random)
            return Int64.random(in: 0...top, using: &random)
        }
    }
}
