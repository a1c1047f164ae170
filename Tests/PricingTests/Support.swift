import LedgerModel
import LedgerTesting
import Pricing
import Testing

extension SeededGenerator {
    mutating func count(_ range: ClosedRange<Int64>) -> Int64 {
        Int64.random(in: range, using: &self)
    }
    mutating func bool() -> Bool { Bool.random(using: &self) }
}

/// Runs a property with many seeds; a failure names the seed.
func forSeeds(_ count: Int = 300, _ property: (inout SeededGenerator) throws -> Void) rethrows {
    let first = testSeed()
    for seed in first..<first + UInt64(count) {
        var generator = SeededGenerator(seed: seed)
        try property(&generator)
    }
}

/// A book of one provider, `acme`, whose models are the given lines of YAML.
func acme(_ models: String, provider: String = "") throws -> PriceBook {
    let indented = models.split(separator: "\n").map { "      " + $0 }.joined(separator: "\n")
    return try PriceFile.read(
        """
        tally_prices: 1
        name: test
        providers:
          acme:
        \(provider.isEmpty ? "" : "    \(provider)\n")    models:
        \(indented)
        """)
}

func time(_ text: String) throws -> Timestamp {
    try #require(Timestamp(rfc3339: text, zoneIsOptional: true))
}

extension PriceBook {
    /// The price in dollars as text, or the reason that there is none.
    func price(
        _ usage: Usage, _ model: Name, provider: Name? = "acme", tier: Name? = nil,
        region: Name? = nil, at: String = "2026-06-01"
    ) throws -> String {
        let rating = try rate(
            usage, provider: provider, model: model, serviceTier: tier, region: region,
            at: time(at))
        switch rating {
        case .priced(let amount): return amount.description
        case .unpriced(let reason): return reason.description
        }
    }
}
