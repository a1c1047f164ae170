import LedgerModel
import PriceBooks
import Pricing

/// The difference of two price books for people: first counts, then prices, then models that only
/// one book has.
struct DifferenceWords {
    let difference: BookDifference
    /// The name of the first book.
    let first: String
    let second: String

    private static let lineWidth = 100
    /// Columns that are shown only if a price depends on them.
    private static let conditions: Set = ["tier", "region", "above", "from", "until", "hours"]

    var report: Report {
        var report = Report()
        report.parts = parts
        return report
    }

    /// The effect of a change of prices on the models in use, and in total.
    static func report(of change: PriceChange, first: String, second: String) -> Report {
        let whole = DifferenceWords(difference: change.whole, first: first, second: second).parts
        var report = Report()
        guard let used = change.used else {
            let text = "No model was used in the last \(UsedModels.days) days."
            report.parts = [.text(text)] + whole
            return report
        }
        let count = used.models.names.count
        let models = count == 1 ? "The one model" : "The \(grouped(count)) models"
        let subject = "\(models) used since \(used.models.since.dayDescription)"
        if used.difference.isEmpty {
            report.parts = [.text("\(subject) would cost the same."), .text("In all:")] + whole
        } else {
            let part = DifferenceWords(difference: used.difference, first: first, second: second)
            report.parts = [.text("\(subject):")] + part.parts + [.text("In all:")] + whole
        }
        return report
    }

    private var parts: [Report.Part] {
        if difference.isEmpty { return [.text("\(first) and \(second) charge the same.")] }
        var parts = [Report.Part.text(counts)]
        let prices = difference.rows.filter { $0.unit != nil }
        if !prices.isEmpty {
            parts.append(
                .table(
                    Table(prices).droppingEmpty(Self.conditions)
                        .renaming(["first": first, "second": second])))
        }
        for (side, name) in [(BookDifference.Side.first, first), (.second, second)] {
            let rows = difference.rows.filter { $0.unit == nil && $0.onlyIn == side }
            let allowances =
                side == .first
                ? difference.allowancesOnlyInFirst : difference.allowancesOnlyInSecond
            parts += [
                .notes(title: "Models only in \(name)", models(rows)),
                .notes(title: "Allowances only in \(name)", allowances.map(\.name)),
            ]
        }
        return parts
    }

    private var counts: String {
        let summary = difference.summary
        return """
            \(grouped(summary.modelsCompared)) models in both books, \
            \(grouped(summary.modelsEqual)) of them with the same prices; \
            \(grouped(summary.modelsOnlyInFirst)) only in \(first), \
            \(grouped(summary.modelsOnlyInSecond)) only in \(second)
            \(grouped(summary.higher)) \(summary.higher == 1 ? "price is" : "prices are") higher in \
            \(second), \(grouped(summary.lower)) lower; \
            \(grouped(summary.pricesOnlyInFirst)) are only in \(first), \
            \(grouped(summary.pricesOnlyInSecond)) only in \(second)
            """
    }

    /// Names by provider, several on a line.
    private func models(_ rows: [BookDifference.Row]) -> [String] {
        var lines: [String] = []
        var provider: String?
        for row in rows {
            let word = " \(row.model)"
            let width = (lines.last?.count ?? 0) + word.count
            if row.provider != provider || width > Self.lineWidth {
                lines.append(row.provider == provider ? "  " : "\(row.provider):")
                provider = row.provider
            }
            lines[lines.count - 1] += word
        }
        return lines
    }
}
