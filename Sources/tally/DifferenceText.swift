import LedgerModel
import PriceBooks
import Pricing

/// The difference of two price books, for people: counts first, then prices, then models that
/// one book alone has.
struct DifferenceText {
    let difference: BookDifference
    /// What the books are called.
    let first: String
    let second: String

    private static let lineWidth = 100

    var text: String {
        if difference.isEmpty { return "\(first) and \(second) charge the same.\n" }
        var parts = [counts]
        let prices = difference.rows.filter { $0.unit != nil }
        if !prices.isEmpty { parts.append(table(prices)) }
        for (side, name) in [(BookDifference.Side.first, first), (.second, second)] {
            let rows = difference.rows.filter { $0.unit == nil && $0.onlyIn == side }
            if !rows.isEmpty { parts.append("Models only in \(name):\n" + models(rows)) }
            let allowances =
                side == .first
                ? difference.allowancesOnlyInFirst : difference.allowancesOnlyInSecond
            if !allowances.isEmpty {
                let names = allowances.map { "  \($0.name)\n" }.joined()
                parts.append("Allowances only in \(name):\n" + names)
            }
        }
        return parts.joined(separator: "\n")
    }

    /// What a change of prices means for the models in use, and in all.
    static func text(of change: PriceChange, first: String, second: String) -> String {
        let whole = DifferenceText(difference: change.whole, first: first, second: second).text
        guard let used = change.used else {
            return "No model was used in the last \(UsedModels.days) days.\n\n" + whole
        }
        let count = used.models.names.count
        let days = "since \(used.models.since.dayDescription)"
        let models = count == 1 ? "The one model" : "The \(grouped(count)) models"
        if used.difference.isEmpty {
            return "\(models) used \(days) would cost the same.\n\nIn all:\n" + whole
        }
        let part = DifferenceText(difference: used.difference, first: first, second: second).text
        return "\(models) used \(days):\n\(part)\nIn all:\n\(whole)"
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

    private typealias Column = (String, (BookDifference.Row) -> String?)

    /// Columns that say nothing of any row are left out.
    private func table(_ rows: [BookDifference.Row]) -> String {
        let always: [Column] = [
            ("provider", { $0.provider }), ("model", { $0.model }), ("unit", { $0.unit?.name }),
        ]
        let conditions: [Column] = [
            ("tier", { $0.tier }), ("region", { $0.region }),
            ("above", { $0.above == 0 ? nil : String($0.above) }),
            ("from", { $0.from?.description }), ("until", { $0.until?.description }),
            ("hours", { $0.hours?.description }),
        ]
        let prices: [Column] = [
            ("per", { $0.per }), (first, { $0.price(of: .first) }),
            (second, { $0.price(of: .second) }), ("ratio", { $0.ratio }),
        ]
        let columns =
            always + conditions.filter { column in rows.contains { column.1($0) != nil } } + prices
        var table = TextTable(columns.map { $0.0 })
        for row in rows { table.add(columns.map { $0.1(row) }) }
        return table.text
    }

    /// Names by provider, several in a line.
    private func models(_ rows: [BookDifference.Row]) -> String {
        var text = ""
        var provider: String?
        var line = ""
        for row in rows {
            let word = " \(row.model)"
            if row.provider != provider || line.count + word.count > Self.lineWidth {
                if !line.isEmpty { text += line + "\n" }
                line = row.provider == provider ? "    " : "  \(row.provider):"
                provider = row.provider
            }
            line += word
        }
        return text + line + "\n"
    }
}
