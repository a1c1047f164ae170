import EventStore
import LedgerModel

extension ReplayReport {
    /// The report as one HTML page that needs nothing else: no scripts, no fonts, no images.
    package var html: String {
        HTMLPage(
            title: "Replay with \(pricesName)", kicker: "price replay",
            heading: "The same history under \(pricesName)", subject: rangeText,
            body: """
                \(cards)
                <p class="sentence\(check.map { $0.isExact ? " good" : " bad" } ?? "")">\
                \(escaped(sentence).replacingNewlines)</p>
                \(rows.isEmpty ? "" : groupTable)
                \(notes)
                """,
            footer: "Amounts are US dollars. Costs are exact sums of charges, rounded only for "
                + "this page. Requests without a price count as nothing and are shown as unpriced."
        ).text
    }

    private var notes: String {
        ReportNotes(report: self).sections.map { HTMLPage.notes($0.title, $0.lines) }
            .joined(separator: "\n")
    }

    private var rangeText: String {
        var text =
            switch (request.filter.since, request.filter.until) {
            case (let since?, let until?): "From \(since) until \(until)"
            case (let since?, nil): "Since \(since)"
            case (nil, let until?): "Until \(until)"
            case (nil, nil): "The whole ledger"
            }
        let scope = request.filter.scope.sorted { $0.key.rawValue < $1.key.rawValue }
        for (dimension, value) in scope {
            text += " · \(dimension.name) \(shown(value))"
        }
        return text
    }

    private var cards: String {
        let tone = total.difference.amount > 0 ? "bad" : total.difference.amount < 0 ? "good" : ""
        let unpriced = "\(grouped(total.unpricedBefore)) → \(grouped(total.unpricedAfter))"
        return """
            <section class="cards">
            \(HTMLPage.card("Recorded", money(total.recorded)))
            \(HTMLPage.card("Replayed", money(total.replayed)))
            \(HTMLPage.card("Difference", money(total.difference, sign: true), percentText, tone))
            \(HTMLPage.card("Requests", grouped(total.requests), "unpriced " + unpriced))
            </section>
            """
    }

    private var percentText: String { total.percent == nil ? "" : percent(total) + " %" }

    private var groupTable: String {
        let names = request.groupedBy.map { "<th>\(escaped($0.name))</th>" }.joined()
        let largest = rows.map { max($0.sums.recorded.amount, $0.sums.replayed.amount) }.max() ?? 0
        return """
            <div class="scroll"><table>
            <thead><tr>\(names)<th class="n">requests</th><th class="n">recorded</th>\
            <th class="n">replayed</th><th class="bars"><i class="key before"></i>recorded \
            <i class="key after"></i>replayed</th><th class="n">difference</th>\
            <th class="n">%</th><th class="n">unpriced</th></tr></thead>
            <tbody>
            \(rows.map { tableRow($0, largest) }.joined(separator: "\n"))
            </tbody>
            <tfoot><tr><th colspan="\(request.groupedBy.count)">total</th>\
            \(numberCells(total, bars: "<td></td>"))</tr></tfoot>
            </table></div>
            """
    }

    private func tableRow(_ row: Row, _ largest: Int128) -> String {
        let names = row.values.map { value in
            "<td\(value == nil ? " class=\"none\"" : "")>\(escaped(shown(value)))</td>"
        }
        let bars = [("before", row.sums.recorded), ("after", row.sums.replayed)]
            .map { "<i class=\"bar \($0.0)\" style=\"width:\(share($0.1, of: largest))%\"></i>" }
        return "<tr>\(names.joined())"
            + numberCells(row.sums, bars: "<td class=\"bars\">\(bars.joined())</td>") + "</tr>"
    }

    private func numberCells(_ sums: Sums, bars: String) -> String {
        let change = percent(sums) == "?" ? 0 : sums.difference.amount
        let tone = change > 0 ? " bad" : change < 0 ? " good" : ""
        let unpriced =
            sums.unpricedBefore == sums.unpricedAfter
            ? grouped(sums.unpricedAfter)
            : "\(grouped(sums.unpricedBefore)) → \(grouped(sums.unpricedAfter))"
        return "<td class=\"n\">\(grouped(sums.requests))</td>"
            + "<td class=\"n\">\(money(sums.recorded))</td>"
            + "<td class=\"n\">\(money(sums.replayed))</td>\(bars)"
            + "<td class=\"n\(tone)\">\(money(sums.difference, sign: true))</td>"
            + "<td class=\"n\(tone)\">\(percent(sums))</td><td class=\"n\">\(unpriced)</td>"
    }

    /// A share in percent with two decimals; never negative, since a bar can't be.
    private func share(_ part: PicodollarSum, of whole: Int128) -> String {
        guard whole > 0, part.amount > 0 else { return "0" }
        return fixed(dividedHalfEven(part.amount * 10_000, by: whole), scale: 2)
    }
}

private func escaped(_ text: String) -> String { HTMLPage.escaped(text) }

extension String {
    fileprivate var replacingNewlines: String {
        split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "<br>")
    }
}
