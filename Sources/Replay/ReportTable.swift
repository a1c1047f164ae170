import LedgerModel
import Pricing

extension ReplayReport {
    /// The report as a table for a terminal: money in USD with its columns aligned.
    package var table: String {
        let names = request.groupedBy.map(\.name)
        let header =
            names + [
                "requests", "recorded USD", "replayed USD", "difference", "%",
                "unpriced before", "after",
            ]
        var lines = rows.map { cells($0.values, $0.sums) }
        if names.isEmpty || rows.count != 1 {
            let label: [Name?] = names.indices.map { Name($0 == 0 ? "total" : "") }
            lines.append(cells(label, total))
        }
        let widths = header.indices.map { column in
            ([header] + lines).map { $0[column].unicodeScalars.count }.max() ?? 0
        }
        func row(_ cells: [String]) -> String {
            let padded = cells.enumerated().map { column, cell in
                let space = String(
                    repeating: " ", count: widths[column] - cell.unicodeScalars.count)
                return column < names.count ? cell + space : space + cell
            }
            var line = padded.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
        let rule = String(repeating: "─", count: widths.reduce(0) { $0 + $1 + 2 } - 2)
        var text = [row(header), rule] + lines.map(row)
        if rows.count > 1 { text.insert(rule, at: text.count - 1) }
        for section in ReportNotes(report: self).sections {
            text += ["", section.title + ":"] + section.lines.map { "  " + $0 }
        }
        return (text + [sentence]).joined(separator: "\n") + "\n"
    }

    private func cells(_ values: [Name?], _ sums: Sums) -> [String] {
        values.map { shown($0) } + [
            grouped(sums.requests), money(sums.recorded), money(sums.replayed),
            money(sums.difference, sign: true), percent(sums), grouped(sums.unpricedBefore),
            grouped(sums.unpricedAfter),
        ]
    }

    func percent(_ sums: Sums) -> String {
        guard let percent = sums.percent else { return "–" }
        // Unknown is not zero: nothing was saved where there is no price to compare with.
        if sums.replayed == .zero, sums.unpricedAfter > sums.unpricedBefore { return "?" }
        return percent.hasPrefix("-") || percent == "0.00" ? percent : "+" + percent
    }

    /// Money with as many decimals as the report needs: six, or twelve where all is tiny.
    func money(_ sum: PicodollarSum, sign: Bool = false) -> String {
        let largest = max(total.recorded.amount.magnitude, total.replayed.amount.magnitude)
        let scale = largest < 10_000_000_000 ? 12 : 6
        let rounded = scale == 12 ? sum.amount : dividedHalfEven(sum.amount, by: 1_000_000)
        let text = fixed(rounded, scale: scale)
        let whole = grouped(String(text.prefix { $0 != "." }))
        let plus = sign && rounded > 0 ? "+" : ""
        return plus + whole + text.drop { $0 != "." }
    }

    /// What was replayed, and what it shows, in a sentence or two.
    package var sentence: String {
        guard let check else {
            let change = total.difference.amount
            let verb = change > 0 ? "more" : "less"
            let amount = money(PicodollarSum(change < 0 ? -change : change))
            var text = "\(grouped(total.requests)) requests, replayed with \(pricesName): "
            text += change == 0 ? "the same cost" : "\(amount) USD \(verb)"
            if total.recorded.amount > 0, change != 0 { text += " (\(percent(total)) %)" }
            if total.unpricedAfter > total.unpricedBefore {
                text +=
                    "; \(grouped(total.unpricedAfter)) requests have no price in it "
                    + "and count as nothing: the difference is known only once they have one"
            }
            return text + "."
        }
        return checkSentence(check)
    }

    private func checkSentence(_ check: RecordedCheck) -> String {
        var text = "\(grouped(check.charges)) charges computed again from their requests and books"
        if check.isExact {
            text += ": every one is the same, bit for bit."
        } else {
            text += ": \(grouped(check.problemCount)) are not what was booked."
            if check.uncharged > 0 {
                text += " \(grouped(check.uncharged)) requests have no charge."
            } else if check.uncharged < 0 {
                text += " \(grouped(-check.uncharged)) charges are too many."
            }
            for problem in check.problems { text += "\n  \(problem)" }
            let hidden = check.problemCount - Int64(check.problems.count)
            if hidden > 0 { text += "\n  and \(grouped(hidden)) more" }
        }
        if check.adjustments > 0 {
            text += " \(grouped(check.adjustments)) adjustments are taken as booked."
        }
        return text
    }

    /// What the prices are called in a sentence.
    var pricesName: String {
        var text =
            switch request.prices {
            case .book(let book): "price book \"\(book.name)\""
            case .schedule: "the ledger's own prices"
            case .recorded: "the recorded books"
            }
        if request.whatIf.rules.isEmpty, let target = request.whatIf.otherwise {
            text += ", all on \(target)"
        } else if request.whatIf.mapsModels {
            text += ", on other models"
        }
        if !request.whatIf.discounts.isEmpty { text += ", at a discount" }
        return text
    }

    /// A value of a dimension with the characters that would disturb a terminal made visible.
    func shown(_ value: Name?) -> String {
        guard let value else { return "(none)" }
        var text = String.UnicodeScalarView()
        for scalar in value.string.unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
            text.append(isControl ? "\u{FFFD}" : scalar)
        }
        return String(text)
    }
}

/// A whole number with its thousands apart.
func grouped(_ value: Int64) -> String { grouped(String(value)) }

private func grouped(_ numeral: String) -> String {
    let isNegative = numeral.hasPrefix("-")
    let digits = Array(isNegative ? String(numeral.dropFirst()) : numeral)
    var text = isNegative ? "-" : ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
        text.append(digit)
    }
    return text
}
