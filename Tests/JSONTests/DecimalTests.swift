import JSON
import LedgerTesting
import Testing

@Suite("Exact decimals")
struct DecimalTests {
    @Test(
        "decimals are read exactly or not at all",
        arguments: [
            ("2.5e-6", 24, Int128(2_500_000_000_000_000_000)), ("1e3", 0, 1_000), ("-.5", 1, -5),
            ("5.", 0, 5), ("0.000", 0, 0), ("0e-50", 0, 0), ("1.5", 0, nil), ("", 2, nil),
            (".", 2, nil), ("1,5", 2, nil), ("0x10", 0, nil), ("1e99", 0, nil), ("NaN", 2, nil),
            ("1e", 2, nil), ("--1", 2, nil), ("+7", 0, 7), ("1e+2", 0, 100), ("1 ", 0, nil),
            ("1e2.5", 0, nil), ("1.2.3", 2, nil), ("-", 0, nil), ("٣", 0, nil),
            ("0E-6176", 24, 0), ("100e-2", 0, 1),
            ("0.10000000000000000000000000000000000000000", 1, 1),
            ("99999999999999999999999999999999999999", 0, widest), ("1e38", 0, nil),
        ] as [(String, Int, Int128?)])
    func reading(text: String, scale: Int, value: Int128?) {
        #expect(scaledDecimal(text, scale: scale) == value)
    }

    private static let widest: Int128 = 99_999_999_999_999_999_999_999_999_999_999_999_999

    @Test("dropped digits are rounded half to even, however far below the unit they are")
    func halves() {
        let cases: [(String, Int, Int128)] = [
            ("0.5", 0, 0), ("1.5", 0, 2), ("2.5", 0, 2), ("-2.5", 0, -2), ("2.51", 0, 3),
            ("2.5000000000000000000000000000000000000000000001", 0, 3), ("0.05", 0, 0),
            ("5e-40", 0, 0), ("9.99", 0, 10), ("0.95", 1, 10), ("-0.6", 0, -1),
        ]
        for (text, scale, value) in cases {
            #expect(scaledDecimal(text, scale: scale, rounding: .halfEven) == value, "\(text)")
        }
    }

    /// A number as its digits and its power of ten, and one of the many ways to write it.
    private struct Spelled {
        let digits: Int128
        let power: Int
        let text: String

        init(_ random: inout SeededGenerator) {
            let count = Int.random(in: 1...30, using: &random)
            var digits: Int128 = 0
            for _ in 0..<count { digits = digits * 10 + Int128.random(in: 0...9, using: &random) }
            let isNegative = Bool.random(using: &random)
            self.digits = isNegative ? -digits : digits
            let exponent = Int.random(in: -12...12, using: &random)
            var places = Array(String(digits))
            let point = Int.random(in: 0...places.count, using: &random)
            power = exponent - (places.count - point)
            places.insert(".", at: point)
            let zeros = String(repeating: "0", count: Int.random(in: 0...3, using: &random))
            let e = exponent == 0 ? "" : ["e", "E"].randomElement(using: &random) ?? "e"
            text =
                (isNegative ? "-" : "") + zeros + String(places)
                + (e.isEmpty ? "" : e + String(exponent))
        }
    }

    @Test("reading agrees with long division, exactly and rounded, in both widths")
    func oracle() {
        let seed = testSeed()
        var random = SeededGenerator(seed: seed)
        var found = (values: 0, tooFine: 0, tooLarge: 0)
        for round in 0..<20_000 {
            let number = Spelled(&random)
            let scale = Int.random(in: 0...24, using: &random)
            let rounding: ExactDecimal.Rounding = Bool.random(using: &random) ? .exact : .halfEven
            let limit = Bool.random(using: &random) ? 18 : 38
            var text = number.text
            let outcome = text.withUTF8 {
                ExactDecimal.read($0, scale: scale, rounding: rounding, digitsMax: limit)
            }
            let expected = naive(number, scale, rounding, limit)
            #expect(outcome == expected, "seed \(seed), round \(round): \(text) × 10^\(scale)")
            switch outcome {
            case .value: found.values += 1
            case .tooFine: found.tooFine += 1
            default: found.tooLarge += 1
            }
        }
        #expect(min(found.values, found.tooFine, found.tooLarge) > 500)
    }

    private func naive(
        _ number: Spelled, _ scale: Int, _ rounding: ExactDecimal.Rounding, _ limit: Int
    ) -> ExactDecimal.Outcome {
        var (magnitude, shift) = (number.digits.magnitude, number.power + scale)
        if magnitude == 0 { return .value(0) }
        while magnitude % 10 == 0 {
            magnitude /= 10
            shift += 1
        }
        guard String(magnitude).count + shift <= limit else { return .tooLarge }
        while shift > 0 {
            magnitude *= 10
            shift -= 1
        }
        if shift < 0 {
            if rounding == .exact { return .tooFine }
            // 10^38 fits, and anything divided by more is less than a half.
            guard shift >= -38 else { return .value(0) }
            let divisor = (0..<(-shift)).reduce(UInt128(1)) { power, _ in power * 10 }
            let (quotient, rest) = magnitude.quotientAndRemainder(dividingBy: divisor)
            let isUp = rest > divisor / 2 || (rest == divisor / 2 && quotient % 2 == 1)
            magnitude = quotient + (isUp ? 1 : 0)
        }
        return .value(number.digits < 0 ? -Int128(magnitude) : Int128(magnitude))
    }

    @Test("written numbers are read back, are as short as possible, and have no exponent")
    func writing() {
        let seed = testSeed()
        var random = SeededGenerator(seed: seed)
        for round in 0..<5_000 {
            let width = Int.random(in: 1...38, using: &random)
            let bound = (0..<width).reduce(Int128(1)) { power, _ in power * 10 } - 1
            let value = Int128.random(in: -bound...bound, using: &random)
            let scale = Int.random(in: 0...38, using: &random)
            let text = decimal(value, scale: scale)
            #expect(scaledDecimal(text, scale: scale) == value, "seed \(seed), round \(round)")
            #expect(!text.contains(".") || text.last != "0", "seed \(seed), round \(round)")
            #expect(text.utf8.allSatisfy { "-.0123456789".utf8.contains($0) })
        }
        #expect(decimal(.min, scale: 38) == "-1.70141183460469231731687303715884105728")
        #expect(decimal(-5, scale: 1) == "-0.5")
        #expect(decimal(0, scale: 12) == "0")
    }
}
