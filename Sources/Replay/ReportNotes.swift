import LedgerModel
import Pricing

/// What stands below the sums of a report: what was supposed, what of it met no request, and what
/// has no price.
struct ReportNotes {
    let report: ReplayReport

    /// Lines of each kind that a table or a page shows; JSON has them all.
    private static let shownMax = 20

    /// Paragraphs in the order in which they are read.
    var sections: [(title: String, lines: [String])] {
        [
            ("Other models", mapped), ("Kept as they are, the mapping names them not", unmapped),
            ("Discounts", discounts), ("Without a price", unpriced),
            ("Free allowances", free), ("Booked without a request", unattached),
        ].filter { !$0.1.isEmpty }
    }

    private var mapped: [String] {
        let lines = report.models.compactMap { model -> String? in
            guard let target = model.to else { return nil }
            var text = "\(name(model.from)) → \(target)"
            if let tier = target.tier { text += ", tier \(tier)" }
            if target.tokens != .one { text += ", tokens × \(target.tokens)" }
            return "\(text): \(counted(model.requests, "request"))"
        }
        return cut(lines, report.facts.models.others)
    }

    private var unmapped: [String] {
        cut(report.unmapped.map { "\(name($0.from)): \(counted($0.requests, "request"))" }, 0)
    }

    private var discounts: [String] {
        let unused = Set(report.unusedDiscounts)
        return report.request.whatIf.discounts.map { discount in
            let note = unused.contains(discount) ? ": met no request" : ""
            return "\(report.shown(Name(discount.name))) × \(discount.factor)\(note)"
        }
    }

    private var unpriced: [String] {
        let lines = report.unpricedReasons.map {
            "\(report.shown(Name($0.reason))): \(counted($0.requests, "request"))"
        }
        return cut(lines, report.facts.unpriced.others)
    }

    private var free: [String] {
        guard report.request.isMetered else { return [] }
        return [
            "\(report.money(report.facts.free)) USD of the replayed price is free and taken off, "
                + "used up in the order of the ledger"
        ]
    }

    private var unattached: [String] {
        let count = report.facts.unattachedCharges
        if count == 0 { return [] }
        return [
            "\(report.money(report.facts.unattached)) USD in \(counted(count, "charge")), the same "
                + "under any prices"
        ]
    }

    private func name(_ model: ReplayReport.ModelName) -> String {
        report.shown(Name("\(model.provider?.string ?? "(none)")/\(model.model)"))
    }

    private func counted(_ count: Int64, _ noun: String) -> String {
        "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
    }

    private func cut(_ lines: [String], _ others: Int64) -> [String] {
        var shown = Array(lines.prefix(Self.shownMax))
        let hidden = lines.count - shown.count
        if hidden > 0 { shown.append("and \(grouped(Int64(hidden))) more") }
        if others > 0 { shown.append("and \(grouped(others)) requests that are too many to list") }
        return shown
    }
}
