/// Turns an estimate of tokens into what will probably be billed, with a band.
///
/// For an estimate of `n`, `n × ratio` is billed, in nine of ten cases within the fraction `band`
/// of that.
package struct EstimateCalibration: Hashable, Sendable {
    /// The source of a calibration.
    package enum Basis: String, Hashable, Sendable {
        /// No data: the documented default.
        case standard
        /// Other models estimated in the same way for the same provider.
        case provider
        /// Models of the same family.
        case family
    }

    package let ratio: Double
    package let band: Double
    package let basis: Basis
    /// Requests with an estimate and a bill; those of the family where there are too few.
    package let observations: Int64

    /// The fraction of cases in which the band holds.
    package static let coverage = 0.9
    /// Groups with fewer observations teach nothing.
    package static let observationsMin: Int64 = 50
    /// Without a ledger to learn from: other providers' tokenizers differ by this much.
    package static let standardBand = 0.2

    package init(ratio: Double, band: Double, basis: Basis, observations: Int64) {
        self.ratio = ratio
        self.band = band
        self.basis = basis
        self.observations = observations
    }

    /// The unchanged estimate, within the default band.
    package static func standard(
        band: Double = standardBand, observations: Int64 = 0
    ) -> EstimateCalibration {
        EstimateCalibration(ratio: 1, band: band, basis: .standard, observations: observations)
    }

    /// The number of tokens that will probably be billed for this estimate.
    package func tokens(estimated: Int64) -> Int64 {
        Int64((Double(estimated) * ratio).rounded())
    }

    /// The least and the most that will be billed, in nine of ten cases.
    package func range(estimated: Int64) -> ClosedRange<Int64> {
        let middle = Double(estimated) * ratio
        return Int64(
            max(0, middle * (1 - band)).rounded(.down))...Int64(
                (middle * (1 + band)).rounded(.up))
    }
}

/// Ratios of billed to estimated tokens, in thousandths; two of them merge by adding.
package struct RatioHistogram: Hashable, Sendable {
    package private(set) var counts: [Int32: Int64] = [:]
    package private(set) var total: Int64 = 0

    /// The last bucket: ten times the estimate or more.
    package static let thousandthsMax: Int32 = 10_000

    package init() {}

    package mutating func add(_ count: Int64, thousandths: Int32) {
        precondition(count >= 0 && (0...Self.thousandthsMax).contains(thousandths))
        counts[thousandths, default: 0] += count
        total += count
    }

    package mutating func merge(_ other: RatioHistogram) {
        for (thousandths, count) in other.counts { add(count, thousandths: thousandths) }
    }

    /// The median ratio, and the band around it that holds nine of ten, counting the next request
    /// too (split conformal); nil with too few.
    package func calibration(basis: EstimateCalibration.Basis) -> EstimateCalibration? {
        guard total >= EstimateCalibration.observationsMin, let median, median > 0 else {
            return nil
        }
        let wanted = Int64((Double(total + 1) * EstimateCalibration.coverage).rounded(.up))
        var held: Int64 = 0
        var band = 0.0
        for (thousandths, count) in counts.sorted(by: {
            (abs($0.key - median), $0.key) < (abs($1.key - median), $1.key)
        }) {
            held += count
            // A bucket is a thousandth wide, so its far edge is half a thousandth further.
            band = (Double(abs(thousandths - median)) + 0.5) / Double(median)
            if held >= wanted { break }
        }
        return EstimateCalibration(
            ratio: Double(median) / 1_000, band: band, basis: basis, observations: total)
    }

    private var median: Int32? {
        var reached: Int64 = 0
        for (thousandths, count) in counts.sorted(by: { $0.key < $1.key }) {
            reached += count
            if reached * 2 >= total { return thousandths }
        }
        return nil
    }
}
