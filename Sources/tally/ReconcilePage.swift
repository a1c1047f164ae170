import LedgerModel
import Reconciliation
import Replay

/// `tally reconcile --html`: what was compared, for people who get a page.
extension Reconciled {
    var html: String {
        HTMLPage(
            title: "\(comparison.provider.rawValue) bill and ledger", kicker: "reconciliation",
            heading: "The ledger against the bill of \(comparison.provider.rawValue)",
            subject: "\(comparison.period.lowerBound.dayDescription) to "
                + "\(lastDay.dayDescription) · ledger at position \(grouped(comparison.position))"
                + " · bill \(comparison.billDigest)",
            body: """
                \(cards)
                <p class="sentence \(agrees ? "good" : "bad")">\(HTMLPage.escaped(verdict)).</p>
                \(rowTable)
                \(reasons)
                \(warnings.isEmpty ? "" : HTMLPage.notes("Note", warnings))
                """,
            footer: "Amounts are US dollars, exact. Days are UTC. docs/reconciliation.md says what "
                + "each reason means."
        ).text
    }

    private var lastDay: Timestamp { comparison.period.upperBound.advanced(byMicroseconds: -1) }

    private var cards: String {
        let tone = comparison.difference == .zero ? "good" : beyond.isEmpty ? "" : "bad"
        let rows = comparison.rows.count
        return """
            <section class="cards">
            \(HTMLPage.card("Ledger", "\(comparison.ledger)"))
            \(HTMLPage.card("Bill", comparison.billed?.description ?? "no amounts"))
            \(HTMLPage.card("Difference", signed(comparison.difference), "", tone))
            \(HTMLPage.card("Beyond the tolerance", grouped(beyond.count), "of \(rows) rows"))
            </section>
            """
    }

    private var rowTable: String {
        let heads = ["day", "model"].map { "<th>\($0)</th>" }
        let numbers = [
            "requests", "billed requests", "ledger", "bill", "difference",
        ].map { "<th class=\"n\">\($0)</th>" }
        let total = [
            nil, nil, comparison.ledger.description, comparison.billed?.description,
            signed(comparison.difference),
        ]
        return """
            <div class="scroll"><table>
            <thead><tr>\((heads + numbers).joined())</tr></thead>
            <tbody>
            \(comparison.rows.map(line).joined(separator: "\n"))
            </tbody>
            <tfoot><tr><th colspan="2">total</th>\(total.map { cell($0) }.joined())</tr></tfoot>
            </table></div>
            """
    }

    private func line(_ row: ComparedRow) -> String {
        let model = row.model.string.isEmpty ? "(all models)" : row.model.string
        let cells = [
            grouped(row.ledgerRequests), row.billRequests.map { grouped($0) },
            row.ledger.description, row.billed?.description,
        ]
        let tone = tolerance.admits(row) ? "" : " bad"
        return "<tr><td>\(row.day.dayDescription)</td><td>\(HTMLPage.escaped(model))</td>"
            + cells.map { cell($0) }.joined()
            + "<td class=\"n\(tone)\">\(signed(row.difference))</td></tr>"
    }

    /// What is not known is a dash, not zero.
    private func cell(_ text: String?) -> String { "<td class=\"n\">\(text ?? "–")</td>" }

    private var reasons: String {
        comparison.rows.filter { $0.difference != .zero }.map { row in
            let title = "\(row.day.dayDescription) \(row.model): \(signed(row.difference)) USD"
            return HTMLPage.notes(title, row.explanation)
        }.joined(separator: "\n")
    }
}
