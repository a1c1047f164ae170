import LedgerModel

extension ReplayReport {
    /// The report as one HTML page that needs nothing else: no scripts, no fonts, no images.
    package var html: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Replay with \(escaped(pricesName))</title>
        <style>\(Self.style)</style>
        </head>
        <body>
        <main>
        <header>
        <p class="kicker">Tallystick · price replay</p>
        <h1>The same history under \(escaped(pricesName))</h1>
        <p class="range">\(escaped(rangeText))</p>
        </header>
        \(cards)
        <p class="sentence\(check.map { $0.isExact ? " good" : " bad" } ?? "")">\
        \(escaped(sentence).replacingNewlines)</p>
        \(rows.isEmpty ? "" : groupTable)
        \(notes)
        <footer>Amounts are US dollars. Costs are exact sums of charges, rounded only for this \
        page. Requests without a price count as nothing and are shown as unpriced.</footer>
        </main>
        </body>
        </html>

        """
    }

    private var notes: String {
        ReportNotes(report: self).sections.map { section in
            let items = section.lines.map { "<li>\(escaped($0))</li>" }.joined()
            return "<section class=\"notes\"><h2>\(section.title)</h2><ul>\(items)</ul></section>"
        }.joined(separator: "\n")
    }

    private var rangeText: String {
        var text =
            switch (request.since, request.until) {
            case (let since?, let until?): "From \(since) until \(until)"
            case (let since?, nil): "Since \(since)"
            case (nil, let until?): "Until \(until)"
            case (nil, nil): "The whole ledger"
            }
        for (dimension, value) in request.scope.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            text += " · \(dimension.name) \(shown(value))"
        }
        return text
    }

    private var cards: String {
        let tone = total.difference.amount > 0 ? "bad" : total.difference.amount < 0 ? "good" : ""
        let unpriced = "\(grouped(total.unpricedBefore)) → \(grouped(total.unpricedAfter))"
        return """
            <section class="cards">
            \(card("Recorded", money(total.recorded)))
            \(card("Replayed", money(total.replayed)))
            \(card("Difference", money(total.difference, sign: true), percentText, tone))
            \(card("Requests", grouped(total.requests), "unpriced " + unpriced))
            </section>
            """
    }

    private var percentText: String { total.percent == nil ? "" : percent(total) + " %" }

    private func card(
        _ label: String, _ value: String, _ note: String = "", _ tone: String = ""
    ) -> String {
        let note = note.isEmpty ? "" : "<small>\(escaped(note))</small>"
        return "<div class=\"card \(tone)\"><span>\(label)</span>"
            + "<strong>\(escaped(value))</strong>\(note)</div>"
    }

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

    private static let style = """
        :root{--paper:#fbfaf7;--card:#fff;--ink:#1d2126;--soft:#667079;--line:#e3e0d8;\
        --before:#9aa5b1;--after:#2f6f8f;--good:#1f7a4d;--bad:#b3402a}
        @media(prefers-color-scheme:dark){:root{--paper:#15181c;--card:#1d2126;--ink:#e8e6e1;\
        --soft:#98a2ab;--line:#31373e;--before:#6b7681;--after:#5fb0d3;--good:#5fc795;\
        --bad:#f08a72}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--paper);color:var(--ink);\
        font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
        main{max-width:84rem;margin:0 auto;padding:2.5rem 1.25rem}
        .kicker{margin:0;color:var(--soft);font-size:.8rem;letter-spacing:.08em;\
        text-transform:uppercase}
        h1{margin:.2rem 0;font-size:1.6rem;line-height:1.25;overflow-wrap:anywhere}
        .range{margin:0;color:var(--soft)}
        .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(12rem,1fr));gap:.8rem;\
        margin:1.6rem 0 1rem}
        .card{background:var(--card);border:1px solid var(--line);border-radius:.6rem;\
        padding:.8rem 1rem}
        .card span,.card small{display:block;color:var(--soft);font-size:.82rem}
        .card strong{font-size:1.35rem;font-weight:600;font-variant-numeric:tabular-nums;\
        overflow-wrap:anywhere}
        .card.good strong,.card.good small{color:var(--good)}
        .card.bad strong,.card.bad small{color:var(--bad)}
        .sentence{border-left:3px solid var(--after);padding:.1rem .9rem;margin:1.2rem 0;\
        overflow-wrap:anywhere}
        .sentence.good{border-color:var(--good)}.sentence.bad{border-color:var(--bad)}
        .scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);\
        border-radius:.6rem}
        table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
        th,td{padding:.45rem .65rem;text-align:left;white-space:nowrap;\
        border-bottom:1px solid var(--line)}
        tbody td:first-child{max-width:22rem;overflow:hidden;text-overflow:ellipsis}
        th{font-weight:600;font-size:.82rem;color:var(--soft)}
        tfoot td,tfoot th{border-bottom:0;font-weight:600;color:var(--ink)}
        .n{text-align:right}.none{color:var(--soft);font-style:italic}
        td.good{color:var(--good)}td.bad{color:var(--bad)}
        .bars{min-width:7rem}
        .bar{display:block;height:.42rem;border-radius:.2rem;margin:.12rem 0}
        .before{background:var(--before)}.after{background:var(--after)}
        .key{display:inline-block;width:.6rem;height:.6rem;border-radius:.15rem;\
        margin:0 .25rem 0 .5rem}
        .notes h2{font-size:1rem;margin:1.4rem 0 .3rem}
        .notes ul{margin:0;padding-left:1.2rem;overflow-wrap:anywhere}
        footer{margin-top:1.4rem;color:var(--soft);font-size:.82rem}
        @media print{body{background:#fff}.scroll{overflow:visible}}
        """
}

/// A text as HTML, in content and in quoted attributes.
func escaped(_ text: String) -> String {
    var html = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": html += "&amp;"
        case "<": html += "&lt;"
        case ">": html += "&gt;"
        case "\"": html += "&quot;"
        case "'": html += "&#39;"
        default: html.unicodeScalars.append(scalar)
        }
    }
    return html
}

extension String {
    fileprivate var replacingNewlines: String {
        split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "<br>")
    }
}
