// Weighted rendezvous hashing (Thaler and Ravishankar 1998; Schindelhauer and Schomaker 2005).
//
// Each arm draws −ln(u) / weight, where u is a hash of experiment, arm and unit, and the smallest
// draw wins: an exponential race, which an arm wins in proportion to its weight. A weight changes
// only its own arm's draw, so when it grows, units move only to that arm, and those in it stay.

package import LedgerModel
internal import RealModule

extension ExperimentDefinition {
    /// The arm of a unit: always the same, in every process, without a table.
    package func arm(of unit: Name) -> Name {
        var winner = control.name
        var best = Double.infinity
        for arm in arms where arm.weight > 0 {
            let draw = -Double.log(Self.uniform(name, arm.name, unit)) / Double(arm.weight)
            if draw < best { (winner, best) = (arm.name, draw) }
        }
        return winner
    }

    /// A number between 0 and 1: the first 53 bits of SHA-256(experiment ‖ 0 ‖ arm ‖ 0 ‖ unit),
    /// plus a half, over 2^53.
    static func uniform(_ experiment: Name, _ arm: Name, _ unit: Name) -> Double {
        var bytes = Array(experiment.string.utf8)
        bytes.append(0)
        bytes += arm.string.utf8
        bytes.append(0)
        bytes += unit.string.utf8
        let word = Digest(hashing: bytes).words[0]
        return (Double(word >> 11) + 0.5) / 9_007_199_254_740_992
    }
}
