import Experiments
import LedgerModel
import LedgerTesting
import Testing

@Suite("Assigning units to arms")
struct AssignmentTests {
    private func define(_ arms: String, name: String = "tone") throws -> ExperimentDefinition {
        try ExperimentDefinition(name: name, arms: arms, unit: "user", metrics: "cost")
    }

    private let units = (0..<20_000).map { Name("u-\($0)") }

    @Test("arms get units in proportion to their weights")
    func shares() throws {
        let definition = try define("control=60,short=30,terse=10,never=0")
        var counts: [Name: Int] = [:]
        for unit in units { counts[definition.arm(of: unit), default: 0] += 1 }
        for (arm, share) in [("control", 0.6), ("short", 0.3), ("terse", 0.1)] as [(Name, Double)] {
            // Four standard deviations of 20,000 draws.
            let error = 4 * (share * (1 - share) / 20_000).squareRoot()
            #expect(abs(Double(counts[arm] ?? 0) / 20_000 - share) < error, "\(arm)")
        }
        #expect(counts["never"] == nil)
    }

    @Test("when a weight grows, units move only to that arm")
    func stable() throws {
        var random = SeededGenerator(seed: testSeed())
        for _ in 0..<20 {
            let weights = (0..<4).map { _ in Int.random(in: 1...50, using: &random) }
            let grown = Int.random(in: 0..<4, using: &random)
            func arms(_ more: Int) -> String {
                weights.enumerated().map { "arm\($0)=\($1 + ($0 == grown ? more : 0))" }
                    .joined(separator: ",")
            }
            let before = try define(arms(0))
            let after = try define(arms(Int.random(in: 1...50, using: &random)))
            var moved = 0
            for unit in units.prefix(2_000) where before.arm(of: unit) != after.arm(of: unit) {
                #expect(after.arm(of: unit) == Name("arm\(grown)"))
                moved += 1
            }
            #expect(moved > 0)
        }
    }

    @Test("another experiment assigns the units independently")
    func independent() throws {
        let one = try define("a,b")
        let other = try define("a,b", name: "length")
        let same = units.count { one.arm(of: $0) == other.arm(of: $0) }
        #expect(abs(Double(same) / 20_000 - 0.5) < 0.015)
    }

    @Test("the arm of a unit never changes between versions of this program")
    func golden() throws {
        // Computed from docs/experiments.md in another language.
        let definition = try define("control=50,short=30,terse=20")
        let found = ["u-1", "u-2", "u-3", "u-4", "u-5", "u-6", "é", "e\u{301}"].map {
            definition.arm(of: Name($0)).string
        }
        #expect(found == Self.expected)
    }

    private static let expected = [
        "terse", "control", "short", "short", "short", "terse", "control", "control",
    ]
}
