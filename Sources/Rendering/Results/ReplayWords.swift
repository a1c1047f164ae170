import EventStore
import LedgerModel
import Pricing
import Replay

/// A replay for people: a table with rounded money, notes on the assumptions, and a sentence.
struct ReplayWords {
    let replay: ReplayReport
    private var request: ReplayRequest { replay.request }
    private var total: ReplayReport.Sums { replay.total }

    /// The most lines of each kind of note that are shown to people; JSON has all of them.
    private static let notesShownMax = 20

    var report: Report {
        var report = Report()
        report.kicker = "price replay"
        report.heading = "The same history under \(replay.pricesName)"
        report.subject = range
        report.cards = cards
        report.parts = [.table(table)] + notes
        report.verdict = sentence
        report.tone = replay.check.map { $0.isExact ? .good : .bad }
        report.footer =
            "Amounts are US dollars. Costs are exact sums of charges, rounded only for this page. "
            + "Requests without a price add nothing and are shown as unpriced."
        return report
    }

    private var range: String {
        let times =
            switch (request.filter.since, request.filter.until) {
            case (let since?, let until?): "From \(since) until \(until)"
            case (let since?, nil): "Since \(since)"
            case (nil, let until?): "Until \(until)"
            case (nil, nil): "The whole ledger"
            }
        let scope = request.filter.scope.sorted { $0.key.rawValue < $1.key.rawValue }
        return ([times] + scope.map { "\($0.key.name) \($0.value)" }).joined(separator: " · ")
    }

    private var cards: [Report.Card] {
        let tone: Tone? =
            total.difference > .zero ? .bad : total.difference < .zero ? .good : nil
        let unpriced = "\(grouped(total.unpricedBefore)) → \(grouped(total.unpricedAfter))"
        return [
            Report.Card("Recorded", money(total.recorded)),
            Report.Card("Replayed", money(total.replayed)),
            Report.Card(
                "Difference", money(total.difference, sign: true),
                total.percent == nil ? "" : percent(total) + " %", tone),
            Report.Card("Requests", grouped(total.requests), "unpriced " + unpriced),
        ]
    }

    // MARK: Table

    private var table: Table {
        let names = request.groupedBy.map(\.name)
        let largest = replay.rows.map { max($0.sums.recorded, $0.sums.replayed) }.max() ?? .zero
        var table = Table(
            names + [
                "requests", "recorded USD", "replayed USD", "recorded/replayed", "difference", "%",
                "unpriced before", "after",
            ])
        for row in replay.rows {
            let bars = [row.sums.recorded, row.sums.replayed].map { part(of: largest, $0) }
            table.add(
                row.values.map { Cell($0?.string ?? "(none)") } + cells(row.sums, Cell(bars: bars)))
        }
        if names.isEmpty || replay.rows.count != 1 {
            let label = names.indices.map { $0 == 0 ? Cell("total") : .empty }
            table.total = label + cells(total, .empty)
        }
        return table
    }

    private func cells(_ sums: ReplayReport.Sums, _ bars: Cell) -> [Cell] {
        var change = [
            Cell(number: money(sums.difference, sign: true)), Cell(number: percent(sums)),
        ]
        if percent(sums) != "?", sums.percent != nil, sums.difference != .zero {
            for index in change.indices {
                change[index].tone = sums.difference > .zero ? .bad : .good
            }
        }
        return [
            sums.requests.cell, cell(sums.recorded, unpriced: sums.unpricedBefore),
            cell(sums.replayed, unpriced: sums.unpricedAfter), bars,
        ] + change + [sums.unpricedBefore.cell, sums.unpricedAfter.cell]
    }

    /// A cell; a sum of only requests without a price is unknown.
    private func cell(_ sum: PicodollarSum, unpriced: Int64) -> Cell {
        sum == .zero && unpriced > 0 ? .unknown : Cell(number: money(sum))
    }

    private func part(of whole: PicodollarSum, _ sum: PicodollarSum) -> Double {
        whole > .zero ? Double(sum.amount) / Double(whole.amount) : 0
    }

    private func percent(_ sums: ReplayReport.Sums) -> String {
        guard let percent = sums.percent else { return "–" }
        // Unknown is not zero: without a price to compare with, no saving is known.
        if sums.replayed == .zero, sums.unpricedAfter > sums.unpricedBefore { return "?" }
        return percent.hasPrefix("-") || percent == "0.00" ? percent : "+" + percent
    }

    /// Money with as many decimals as the report needs: six, or twelve if all amounts are tiny.
    private func money(_ sum: PicodollarSum, sign: Bool = false) -> String {
        let largest = max(total.recorded.amount.magnitude, total.replayed.amount.magnitude)
        let scale = largest < 10_000_000_000 ? 12 : 6
        let rounded = scale == 12 ? sum.amount : dividedHalfEven(sum.amount, by: 1_000_000)
        return (sign && rounded > 0 ? "+" : "") + grouped(numeral: fixed(rounded, scale: scale))
    }

    // MARK: Notes

    private var notes: [Report.Part] {
        [
            .notes(title: "Other models", mapped),
            .notes(
                title: "Unchanged, because the mapping does not name them",
                cut(
                    replay.unmapped.map { "\(name($0.from)): \(counted($0.requests, "request"))" },
                    0)),
            .notes(title: "Discounts", discounts), .notes(title: "Without a price", unpriced),
            .notes(title: "Free allowances", free),
            .notes(title: "Booked without a request", unattached),
        ]
    }

    private var mapped: [String] {
        let lines = replay.models.compactMap { model -> String? in
            guard let target = model.to else { return nil }
            var text = "\(name(model.from)) → \(target)"
            if let tier = target.tier { text += ", tier \(tier)" }
            if target.tokens != .one { text += ", tokens × \(target.tokens)" }
            return "\(text): \(counted(model.requests, "request"))"
        }
        return cut(lines, replay.facts.models.others)
    }

    private var discounts: [String] {
        let unused = Set(replay.unusedDiscounts)
        return request.whatIf.discounts.map { discount in
            "\(discount.name) × \(discount.factor)"
                + (unused.contains(discount) ? ": matched no request" : "")
        }
    }

    private var unpriced: [String] {
        cut(
            replay.unpricedReasons.map { "\($0.reason): \(counted($0.requests, "request"))" },
            replay.facts.unpriced.others)
    }

    private var free: [String] {
        guard request.isMetered else { return [] }
        return [
            "\(money(replay.facts.free)) USD of the replayed price is free and deducted, used up "
                + "in the order of the ledger"
        ]
    }

    private var unattached: [String] {
        let count = replay.facts.unattachedCharges
        if count == 0 { return [] }
        return [
            "\(money(replay.facts.unattached)) USD in \(counted(count, "charge")), the same at "
                + "any prices"
        ]
    }

    private func name(_ model: ReplayReport.ModelName) -> String {
        "\(model.provider?.string ?? "(none)")/\(model.model)"
    }

    private func cut(_ lines: [String], _ others: Int64) -> [String] {
        var shown = Array(lines.prefix(Self.notesShownMax))
        let hidden = lines.count - shown.count
        if hidden > 0 { shown.append("and \(grouped(hidden)) more") }
        if others > 0 { shown.append("and \(grouped(others)) requests, too many to list") }
        return shown
    }

    // MARK: Sentence

    /// A sentence that says what was replayed, and with which result.
    private var sentence: String {
        if let check = replay.check { return sentence(check) }
        let change = total.difference.amount
        let amount = money(PicodollarSum(change < 0 ? -change : change))
        var text = "\(grouped(total.requests)) requests, replayed with \(replay.pricesName): "
        text += change == 0 ? "the same cost" : "\(amount) USD \(change > 0 ? "more" : "less")"
        if total.recorded.amount > 0, change != 0 { text += " (\(percent(total)) %)" }
        if total.unpricedAfter > total.unpricedBefore {
            text +=
                "; \(grouped(total.unpricedAfter)) requests have no price there and add "
                + "nothing: the difference is known only once they have one"
        }
        return text + "."
    }

    private func sentence(_ check: RecordedCheck) -> String {
        var text = "\(grouped(check.charges)) charges recomputed from their requests and books"
        if check.isExact {
            text += ": all are identical, bit for bit."
        } else {
            text += ": \(grouped(check.problemCount)) differ from what was booked."
            if check.uncharged > 0 {
                text += " \(grouped(check.uncharged)) requests have no charge."
            } else if check.uncharged < 0 {
                text += " There are \(grouped(-check.uncharged)) charges too many."
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
}
