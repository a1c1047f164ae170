package import Batching

/// The groups of a workload with more than one member, the largest first.
package struct ClusteredPrompts: RenderableObject, Reportable {
    private let texts: [String]
    private let clusters: TextClusters
    private let score: ClusterScore?

    package init(texts: [String], clusters: TextClusters, score: ClusterScore?) {
        self.texts = texts
        self.clusters = clusters
        self.score = score
    }

    package static let shape = Shape<ClusteredPrompts> {
        Member("prompts", \.texts.count)
        Member("groups", \.clusters.count)
        Member("grouped", { $0.rows.reduce(0) { $0 + $1.members.count } })
        Member("v_measure", { $0.score?.vMeasure }, omitted: true)
        Member("adjusted_rand", { $0.score?.adjustedRand }, omitted: true)
        Member("rows", \.rows)
    }

    private var rows: [Row] {
        Dictionary(grouping: texts.indices) { clusters.groups[$0] }.values
            .filter { $0.count > 1 }.map { Row(members: $0, first: texts[$0[0]]) }
            .sorted { ($1.members.count, $0.members[0]) < ($0.members.count, $1.members[0]) }
    }

    package var report: Report {
        let scored =
            score.map {
                "; V-measure \($0.vMeasure.cell.shown), adjusted Rand \($0.adjustedRand.cell.shown)"
            } ?? ""
        return Report(
            .table(Table(rows)),
            verdict: "\(counted(texts.count, "prompt")) in \(counted(clusters.count, "group"))"
                + scored)
    }

    private struct Row: RenderableObject {
        let members: [Int]
        let first: String

        static let layout = Table.Layout(
            nothing: "no prompt is like another: try a lower --similarity")

        static let shape = Shape<Row> {
            Member("size", \.members.count, .column)
            Member("lines", { $0.members.map { $0 + 1 } })
            Member("first", { String($0.first.prefix(72)) }, .heading("such as"))
        }
    }
}
