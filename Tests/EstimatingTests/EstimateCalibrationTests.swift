import Estimating
import LedgerModel
import LedgerTesting
import Testing

@Suite("Calibration of estimates")
struct EstimateCalibrationTests {
    @Test("with little data the default band applies, and the family says how much there is")
    func standard() {
        var calibrations = EstimateCalibrations()
        let none = calibrations.calibration(
            provider: "anthropic", model: "claude-sonnet-4-5", encoding: "claude")
        #expect(none == .standard())
        #expect(none.ratio == 1 && none.band == 0.2 && none.observations == 0)
        calibrations.add(
            ratios([1_200: 49]), provider: "anthropic", model: "claude-sonnet-4-5",
            encoding: "claude")
        let few = calibrations.calibration(
            provider: "anthropic", model: "claude-sonnet-4-5", encoding: "claude",
            standardBand: 0.15)
        #expect(few == .standard(band: 0.15, observations: 49))
    }

    @Test("releases of a family count together, and the provider where they are few")
    func families() {
        var calibrations = EstimateCalibrations()
        calibrations.add(
            ratios([1_250: 30]), provider: "anthropic", model: "claude-sonnet-4-5-20250929",
            encoding: "claude")
        calibrations.add(
            ratios([1_250: 30]), provider: "anthropic", model: "claude-sonnet-4-5-latest",
            encoding: "claude")
        let family = calibrations.calibration(
            provider: "anthropic", model: "claude-sonnet-4-5", encoding: "claude")
        #expect(family.basis == .family && family.ratio == 1.25 && family.observations == 60)
        let other = calibrations.calibration(
            provider: "anthropic", model: "claude-opus-4-1", encoding: "claude")
        #expect(other.basis == .provider && other.ratio == 1.25)
        let encoding = calibrations.calibration(
            provider: "anthropic", model: "claude-sonnet-4-5", encoding: "o200k_base")
        #expect(encoding.basis == .standard)
        #expect(calibrations.families.map(\.family) == ["claude-sonnet-4-5"])
    }

    @Test("the band holds nine of ten of the following requests")
    func band() throws {
        var random = SeededGenerator(seed: testSeed())
        for _ in 0..<20 {
            let truth = Double.random(in: 0.7...1.6, using: &random)
            let spread = Double.random(in: 0.005...0.2, using: &random)
            func billed(of estimate: Int64) -> Int64 {
                let noise = (0..<4).reduce(0.0) { sum, _ in
                    sum + Double.random(in: -spread...spread, using: &random)
                }
                return Int64((Double(estimate) * truth * (1 + noise / 2)).rounded())
            }
            var histogram = RatioHistogram()
            for _ in 0..<2_000 {
                let estimate = Int64.random(in: 500...50_000, using: &random)
                let ratio = (billed(of: estimate) * 2_000 + estimate) / (2 * estimate)
                histogram.add(1, thousandths: Int32(ratio))
            }
            let learnt = try #require(histogram.calibration(basis: .family))
            #expect(abs(learnt.ratio - truth) < 0.03)
            var inside = 0
            for _ in 0..<5_000 {
                let estimate = Int64.random(in: 500...50_000, using: &random)
                let range = learnt.range(estimated: estimate)
                #expect(range.contains(learnt.tokens(estimated: estimate)))
                inside += range.contains(billed(of: estimate)) ? 1 : 0
            }
            #expect((0.86...0.96).contains(Double(inside) / 5_000), "\(truth) ± \(spread)")
        }
    }

    @Test("merging parts gives the histogram of the whole")
    func merge() {
        var random = SeededGenerator(seed: testSeed())
        var (whole, parts) = (RatioHistogram(), [RatioHistogram(), RatioHistogram()])
        for _ in 0..<1_000 {
            let ratio = Int32.random(in: 0...RatioHistogram.thousandthsMax, using: &random)
            whole.add(2, thousandths: ratio)
            parts[Int.random(in: 0..<2, using: &random)].add(2, thousandths: ratio)
        }
        parts[0].merge(parts[1])
        #expect(parts[0] == whole)
    }

    @Test("equal bills are known to half a thousandth, not better")
    func width() throws {
        var histogram = RatioHistogram()
        histogram.add(60, thousandths: 1_100)
        let learnt = try #require(histogram.calibration(basis: .family))
        #expect(learnt.ratio == 1.1 && learnt.band == 0.5 / 1_100)
        #expect(learnt.range(estimated: 10_000) == 10_995...11_005)
    }

    @Test(
        "a family is a model without its release and its vendor",
        arguments: [
            ("claude-sonnet-4-5-20250929", "claude-sonnet-4-5"),
            ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5"),
            ("anthropic/claude-3-opus@20240229", "claude-3-opus"),
            ("claude-v2", "claude-v2"), ("Claude-3-5-Haiku-Latest", "claude-3-5-haiku"),
            ("gemini-2.5-flash-001", "gemini-2.5-flash"),
            ("gemini-2.5-pro-preview-05-06", "gemini-2.5-pro"),
            ("models/gemini-1.5-pro-latest", "gemini-1.5-pro"), ("gpt-4o-2024-08-06", "gpt-4o"),
            ("gpt-4-1106-preview", "gpt-4"), ("o1", "o1"), ("", ""), ("2025", "2025"),
        ] as [(Name, Name)])
    func familyNames(_ model: Name, _ family: Name) {
        #expect(modelFamily(model) == family)
    }

    private func ratios(_ counts: [Int32: Int64]) -> RatioHistogram {
        counts.reduce(into: RatioHistogram()) { $0.add($1.value, thousandths: $1.key) }
    }
}
