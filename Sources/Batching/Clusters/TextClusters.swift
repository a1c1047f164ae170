/// Which texts of a workload are alike: groups whose members could share a call, a prompt or a cache.
///
/// Agglomerative clustering with average linkage, by chains of nearest neighbours (Murtagh, 1983):
/// it takes n² steps, and no chance, so the same texts make the same groups.
package struct TextClusters: Sendable, Equatable {
    /// The group of each text; groups are numbered as they first appear.
    package let groups: [Int]
    package let count: Int

    /// When groups are no longer joined.
    package enum End: Sendable {
        case count(Int)
        /// When the most alike ones are less alike on average.
        case similarity(Float)
    }

    private struct Join {
        let a: Int
        let b: Int
        let similarity: Float
    }

    package init(_ similarities: Similarities, until end: End) {
        let joins = Self.joins(similarities)
        let count = similarities.count
        let wanted =
            switch end {
            case .count(let groups): max(0, count - max(1, groups))
            case .similarity(let least): joins.prefix { $0.similarity >= least }.count
            }
        var parents = Array(0..<count)
        func root(_ text: Int) -> Int {
            var root = text
            while parents[root] != root { root = parents[root] }
            var place = text
            while parents[place] != root {
                let next = parents[place]
                parents[place] = root
                place = next
            }
            return root
        }
        for join in joins.prefix(wanted) { parents[root(join.b)] = root(join.a) }
        var numbers: [Int: Int] = [:]
        groups = (0..<count).map { text in
            let root = root(text)
            let number = numbers[root] ?? numbers.count
            numbers[root] = number
            return number
        }
        self.count = numbers.count
    }

    /// All joins down to one group, the most alike first; each names a text of either side.
    private static func joins(_ similarities: Similarities) -> [Join] {
        let count = similarities.count
        var values = similarities.values
        var sizes = Array(repeating: 1, count: count)
        var isLive = Array(repeating: true, count: count)
        var joins: [Join] = []
        var chain: [Int] = []
        while joins.count < count - 1 {
            if chain.isEmpty, let first = isLive.firstIndex(of: true) { chain.append(first) }
            let last = chain[chain.count - 1]
            let before = chain.count > 1 ? chain[chain.count - 2] : nil
            // The one before is as near as any other of that nearness, so the chain ends.
            var nearest = before
            for other in 0..<count where isLive[other] && other != last {
                let isNearer =
                    nearest.map { values[last * count + other] > values[last * count + $0] } ?? true
                if isNearer { nearest = other }
            }
            guard let nearest else { break }
            guard nearest == before else {
                chain.append(nearest)
                continue
            }
            chain.removeLast(2)
            let (kept, gone) = (min(last, nearest), max(last, nearest))
            joins.append(Join(a: kept, b: gone, similarity: values[last * count + nearest]))
            let (a, b) = (Float(sizes[kept]), Float(sizes[gone]))
            for other in 0..<count where isLive[other] && other != kept && other != gone {
                let mean =
                    (values[kept * count + other] * a + values[gone * count + other] * b) / (a + b)
                values[kept * count + other] = mean
                values[other * count + kept] = mean
            }
            sizes[kept] += sizes[gone]
            isLive[gone] = false
        }
        return joins.sorted { ($1.similarity, $0.a, $0.b) < ($0.similarity, $1.a, $1.b) }
    }
}

/// How well groups agree with labels that people gave.
package struct ClusterScore: Sendable, Equatable {
    /// Groups have members of one label only, and labels members of one group only; 1 is perfect.
    package let homogeneity: Double
    package let completeness: Double
    /// Pairs that both put together or apart, beyond chance (Hubert and Arabie, 1985).
    package let adjustedRand: Double

    /// The harmonic mean of homogeneity and completeness (Rosenberg and Hirschberg, 2007).
    package var vMeasure: Double {
        homogeneity + completeness == 0
            ? 0 : 2 * homogeneity * completeness / (homogeneity + completeness)
    }

    package init(_ groups: [Int], labels: [String]) {
        precondition(groups.count == labels.count, "each text has a group and a label")
        var cells: [Cell: Int] = [:]
        var (byGroup, byLabel): ([Int: Int], [String: Int]) = ([:], [:])
        for (group, label) in zip(groups, labels) {
            cells[Cell(group: group, label: label), default: 0] += 1
            byGroup[group, default: 0] += 1
            byLabel[label, default: 0] += 1
        }
        let total = Double(groups.count)
        func entropy(_ counts: [Int]) -> Double {
            counts.sorted().reduce(0) { $0 - Double($1) / total * Self.log(Double($1) / total) }
        }
        let (ofGroups, ofLabels) = (entropy(Array(byGroup.values)), entropy(Array(byLabel.values)))
        let both = entropy(Array(cells.values))
        homogeneity = ofLabels == 0 ? 1 : 1 - (both - ofGroups) / ofLabels
        completeness = ofGroups == 0 ? 1 : 1 - (both - ofLabels) / ofGroups
        func pairs(_ counts: [Int]) -> Double {
            counts.reduce(0) { $0 + Double($1) * Double($1 - 1) / 2 }
        }
        let (a, b) = (pairs(Array(byGroup.values)), pairs(Array(byLabel.values)))
        let expected = a * b / max(1, total * (total - 1) / 2)
        let most = (a + b) / 2
        adjustedRand =
            most == expected ? 1 : (pairs(Array(cells.values)) - expected) / (most - expected)
    }

    private struct Cell: Hashable {
        let group: Int
        let label: String
    }

    /// The natural logarithm by its series after the exponent: area of the inverse of tanh.
    private static func log(_ value: Double) -> Double {
        let ratio = (value.significand - 1) / (value.significand + 1)
        var (power, sum) = (ratio, 0.0)
        for term in 0..<24 {
            sum += power / Double(2 * term + 1)
            power *= ratio * ratio
        }
        return 2 * sum + Double(value.exponent) * 0.693_147_180_559_945_3
    }
}
