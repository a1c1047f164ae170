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
            "Amounts are US dollars: exact sums of charges, rounded only for reading. "
            + "Differences are of requests that have a price on both sides; the others are counted."
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
        func unpriced(_ count: Int64) -> String {
            count == 0 ? "" : "\(grouped(count)) unpriced"
        }
        let notCompared =
            total.notCompared == 0 ? "" : "\(grouped(total.notCompared)) not compared"
        let difference = [total.percent == nil ? "" : percent(total) + " %", notCompared]
        return [
            Report.Card(
                "Recorded", cell(total.recorded, unpriced: total.unpricedBefore).shown,
                unpriced(total.unpricedBefore)),
            Report.Card(
                "Replayed", cell(total.replayed, unpriced: total.unpricedAfter).shown,
                unpriced(total.unpricedAfter)),
            Report.Card(
                "Difference", change(total).shown,
                difference.filter { !$0.isEmpty }.joined(separator: ", "), tone(total)),
            Report.Card("Requests", grouped(total.requests)),
        ]
    }

    // MARK: Table

    private var table: Table {
        let names = request.groupedBy.map(\.name)
        let largest = replay.rows.map { max($0.sums.recorded, $0.sums.replayed) }.max() ?? .zero
        // Only rows have bars.
        let bars = replay.rows.isEmpty ? [] : ["recorded/replayed"]
        var table = Table(
            names + ["requests", "recorded USD", "replayed USD"] + bars
                + ["difference", "%", "unpriced before", "after"])
        for row in replay.rows {
            let bars = [row.sums.recorded, row.sums.replayed].map { part(of: largest, $0) }
            table.add(
                row.values.map { Cell($0?.string ?? "(none)") } + cells(row.sums, Cell(bars: bars)))
        }
        if names.isEmpty || replay.rows.count != 1 {
            let label = names.indices.map { $0 == 0 ? Cell("total") : .empty }
            table.total = label + cells(total, replay.rows.isEmpty ? nil : .empty)
        }
        return table
    }

    private func cells(_ sums: ReplayReport.Sums, _ bars: Cell?) -> [Cell] {
        var change = [
            self.change(sums), sums.percent == nil ? .unknown : Cell(number: percent(sums)),
        ]
        for index in change.indices { change[index].tone = tone(sums) }
        return [
            sums.requests.cell, cell(sums.recorded, unpriced: sums.unpricedBefore),
            cell(sums.replayed, unpriced: sums.unpricedAfter),
        ] + (bars.map { [$0] } ?? []) + change + [
            sums.unpricedBefore.cell, sums.unpricedAfter.cell,
        ]
    }

    /// A cell; a sum of only requests without a price is unknown.
    private func cell(_ sum: PicodollarSum, unpriced: Int64) -> Cell {
        sum.known(unpriced: unpriced)?.cell ?? .unknown
    }

    private func change(_ sums: ReplayReport.Sums) -> Cell {
        sums.difference.map { Cell(money: $0, isSigned: true) } ?? .unknown
    }

    private func tone(_ sums: ReplayReport.Sums) -> Tone? {
        guard let difference = sums.difference, difference != .zero else { return nil }
        return difference > .zero ? .bad : .good
    }

    private func part(of whole: PicodollarSum, _ sum: PicodollarSum) -> Double {
        whole > .zero ? Double(sum.amount) / Double(whole.amount) : 0
    }

    private func percent(_ sums: ReplayReport.Sums) -> String {
        guard let percent = sums.percent.map({ grouped(numeral: $0) }) else { return "–" }
        return percent.hasPrefix("-") || percent == "0.00" ? percent : "+" + percent
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
            "\(dollars(replay.facts.free)) of the replayed price is free and deducted, used up "
                + "in the order of the ledger"
        ]
    }

    private var unattached: [String] {
        let count = replay.facts.unattachedCharges
        if count == 0 { return [] }
        return [
            "\(dollars(replay.facts.unattached)) in \(counted(count, "charge")), the same at "
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
        var text = "\(grouped(total.requests)) requests, replayed with \(replay.pricesName): "
        guard let change = total.difference?.amount else {
            return text + "none has a price on both sides, so nothing is compared."
        }
        let amount = dollars(PicodollarSum(change < 0 ? -change : change))
        text += change == 0 ? "the same cost" : "\(amount) \(change > 0 ? "more" : "less")"
        if change != 0, total.percent != nil { text += " (\(percent(total)) %)" }
        if total.notCompared > 0 {
            text +=
                " for those with a price on both sides; left out: "
                + "\(grouped(total.notCompared)) without one "
                + "(\(grouped(total.unpricedBefore)) as booked, "
                + "\(grouped(total.unpricedAfter)) as replayed)"
        }
        return text + "."
    }

    private func sentence(_ check: RecordedCheck) -> String {
        if check.charges == 0, check.isExact { return "There are no charges to recompute." }
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
