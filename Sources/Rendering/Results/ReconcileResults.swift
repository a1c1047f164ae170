package import EventStore
package import LedgerModel
package import Reconciliation

/// The result of a reconciliation.
package struct Reconciled: RenderableObject, Reportable {
    package let comparison: BillComparison
    let tolerance: Tolerance
    let now: Timestamp
    /// The bookings; nil if none were requested.
    package var booked: [Booking]?

    package struct Booking: RenderableObject {
        let event: Event
        let outcome: AppendReceipt.Outcome

        package init(_ event: Event, _ outcome: AppendReceipt.Outcome) {
            self.event = event
            self.outcome = outcome
        }
    }

    package init(comparison: BillComparison, tolerance: Tolerance, now: Timestamp) {
        self.comparison = comparison
        self.tolerance = tolerance
        self.now = now
    }

    package static let shape = Shape<Reconciled> {
        Member("provider", \.comparison.provider.rawValue)
        Member("since", { Day($0.comparison.period.lowerBound) })
        Member("until", { Day($0.comparison.period.upperBound) })
        Member("bill", \.comparison.billDigest)
        Member("position", \.comparison.position)
        Member("agrees", \.agrees)
        Member("ledger_usd", \.comparison.ledger)
        Member("bill_usd", \.comparison.billed)
        Member("difference_usd", \.comparison.difference)
        Member(
            "reasons_usd",
            { result in
                NamedValues(
                    Reason.allCases.map { ($0.rawValue, result.comparison.part($0)) }
                        .filter { $0.1 != .zero })
            })
        Member("rows", \.rows)
        Member("warnings", \.warnings)
        Member("booked", \.booked, omitted: true)
    }

    private var rows: [ReconciledRow] {
        comparison.rows.map { ReconciledRow(row: $0, isWithin: tolerance.admits($0)) }
    }

    private var beyond: [ComparedRow] { comparison.rows.filter { !tolerance.admits($0) } }
    private var done: [Booking] { (booked ?? []).filter(\.isBooked) }

    private func wasBooked(_ row: ComparedRow) -> Bool {
        done.contains { booking in
            booking.event.occurredAt == row.day && (booking.model ?? "") == row.model
        }
    }

    /// Whether what is left after booking lies within the tolerance.
    package var agrees: Bool { beyond.allSatisfy(wasBooked) }

    /// Why bookings failed; nil if none did.
    package var refusal: String? {
        let lost = (booked ?? []).filter { !$0.isBooked }
        guard let first = lost.first else { return nil }
        return "\(lost.count) of \((booked ?? []).count) bookings met another reconciliation of "
            + "the same day and model (\(first.event.occurredAt.dayDescription) "
            + "\(first.model?.string ?? "")): run it again"
    }

    package var warnings: [String] {
        let open = Set(comparison.rows.map(\.day)).filter { !comparison.isOver($0, at: now) }
        let days = open.sorted().map { day in
            "\(day.dayDescription) is not over in UTC: both sides are still growing"
                + (booked == nil ? "" : ", so nothing was booked for it")
        }
        return days
            + comparison.omissions.sorted { $0.key < $1.key }.map { what, count in
                let times = count == 1 ? "once" : "\(grouped(count)) times"
                return "left out \(times), because no event counts it: \(what)"
            }
    }
}

extension Reconciled.Booking {
    var model: Name? { event.dimensions[.model] }

    /// Whether it is booked now; the same event, booked a moment ago by another process, counts
    /// too.
    var isBooked: Bool { status.word != "conflict" }

    private var status: (word: String, position: Int64) {
        switch outcome {
        case .appended(let position): ("appended", position)
        case .duplicate(let position), .sameCall(let position): ("duplicate", position)
        case .conflict(let position): ("conflict", position)
        }
    }

    package static let shape = Shape<Reconciled.Booking> {
        Member("id", \.event.id, .column)
        Member("day", { Day($0.event.occurredAt) }, .column)
        Member("model", \.model, .column)
        Member("amount_usd", \.event.amount, .column)
        Member("status", \.status.word, .column)
        Member("position", \.status.position)
    }
}

/// A day and a model, in the ledger and in the bill.
private struct ReconciledRow: RenderableObject {
    let row: ComparedRow
    let isWithin: Bool

    static let shape = Shape<ReconciledRow> {
        Member("day", { Day($0.row.day) }, .column)
        Member("model", \.row.model)
        Member(heading: "model") { $0.row.model == "" ? "(all models)" : $0.row.model }
        Member("requests", \.row.ledgerRequests, .column)
        Member("billed_requests", \.row.billRequests, .column)
        Member("unpriced_requests", \.row.unpricedRequests)
        Member("charged_usd", \.row.charged)
        Member("reconciled_usd", \.row.reconciled)
        Member("ledger_usd", \.row.ledger)
        // Requests without a price add nothing to a sum, but their cost is unknown, not zero.
        Member(heading: "ledger_usd") { $0.row.ledger.known(unpriced: $0.row.unpricedRequests) }
        Member("bill_usd", \.row.billed, .column)
        Member("difference_usd", \.row.difference)
        Member(heading: "difference_usd", tone: { $0.isWithin ? nil : .bad }) {
            Cell(money: $0.row.difference, isSigned: true)
        }
        Member("within_tolerance", \.isWithin)
        Member(
            "reasons_usd",
            { line in
                NamedValues(
                    Reason.allCases.compactMap { reason in
                        line.row.parts[reason].map { (reason.rawValue, $0) }
                    })
            })
        Member("explanation", \.row.explanation)
        Member("units", \.row.units)
    }
}

extension ComparedUnit: RenderableObject {
    package static let shape = Shape<ComparedUnit> {
        Member("unit", \.unit.name)
        Member("service_tier", \.tier)
        Member("region", \.region)
        Member("ledger", { FixedPoint($0.ledger, scale: $0.places) })
        Member("bill", { unit in unit.billed.map { FixedPoint($0, scale: unit.places) } })
        Member("per", \.goods)
        Member("book_price_usd", \.bookPrice)
        Member("bill_price_usd", \.billPrice)
    }

    private var places: Int { unit.scale == 1 ? 0 : 6 }
}

// MARK: - For people

extension Reconciled {
    private static let rowsShownMax = 200

    package var report: Report {
        var report = Report()
        let provider = comparison.provider.rawValue
        report.kicker = "reconciliation"
        report.heading = "The ledger against the bill of \(provider)"
        report.subject =
            "\(days) · ledger at position \(grouped(comparison.position)) · bill "
            + "\(comparison.billDigest)"
        report.cards = [
            Report.Card("Ledger", dollars(comparison.ledger)),
            Report.Card("Bill", comparison.billed.map { dollars($0) } ?? "no amounts"),
            Report.Card(
                "Difference", dollars(comparison.difference, isSigned: true), "",
                comparison.difference == .zero ? .good : beyond.isEmpty ? nil : .bad),
            Report.Card(
                "Beyond the tolerance", grouped(beyond.count),
                "of \(counted(comparison.rows.count, "row"))"),
        ]
        report.parts = [.table(table)] + reasons + bookings
        report.parts.append(.notes(title: "Note", warnings))
        report.verdict = verdict
        report.tone = agrees ? .good : .bad
        report.footer =
            "Amounts are US dollars, rounded for reading. Days are UTC. docs/reconciliation.md says what each "
            + "reason means."
        return report
    }

    private var days: String {
        let last = comparison.period.upperBound.advanced(byMicroseconds: -1)
        return "\(comparison.period.lowerBound.dayDescription) to \(last.dayDescription)"
    }

    private var table: Table {
        var table = Table(rows, rowsShownMax: Self.rowsShownMax)
        let requests = comparison.rows.reduce(0) { $0 + $1.ledgerRequests }
        table.total = [
            Cell("total"), .empty, requests.cell, .empty, comparison.ledger.cell,
            comparison.billed.cell,
            Cell(money: comparison.difference, isSigned: true),
        ]
        return table
    }

    private var reasons: [Report.Part] {
        comparison.rows.prefix(Self.rowsShownMax).filter { $0.difference != .zero }.map { row in
            .notes(
                title: "\(row.day.dayDescription) \(row.model): \(signed(row.difference)) USD",
                row.explanation)
        }
    }

    private var bookings: [Report.Part] {
        guard let booked else { return [] }
        if booked.isEmpty { return [.text("nothing to book")] }
        return [.text("booked as charge.reconciled:"), .table(Table(booked))]
    }

    private var verdict: String {
        let subject = "ledger and \(comparison.provider.rawValue) bill, \(days):"
        if !done.isEmpty {
            return "\(subject) \(counted(done.count, "difference")) booked"
                + (agrees ? ", they now agree" : ", others remain")
        }
        return beyond.isEmpty
            ? "\(subject) they agree within the tolerance"
            : "\(subject) \(grouped(beyond.count)) of \(counted(comparison.rows.count, "row")) "
                + (beyond.count == 1 ? "differs" : "differ") + " by more than the tolerance"
    }
}

private func signed(_ amount: PicodollarSum) -> String {
    amount > .zero ? "+\(amount)" : amount.description
}

extension ComparedRow {
    /// One sentence for each reason, the largest first.
    fileprivate var explanation: [String] {
        parts.sorted { abs($0.value.amount) > abs($1.value.amount) }.map { reason, amount in
            "\(signed(amount)): \(sentence(reason))"
        }
    }

    private func sentence(_ reason: Reason) -> String {
        switch reason {
        case .missing: "in the bill but not in the ledger" + list(requests: 1) { $0 > 0 }
        case .notBilled: "in the ledger but not in the bill" + list(requests: -1) { $0 < 0 }
        case .unpriced:
            "\(counted(unpricedRequests, "request")) without a price in the ledger, at the "
                + "bill's price"
        case .otherPrice: "the bill's prices differ from the book's" + prices
        case .otherBooking:
            "charges were booked at other prices than those in force: see tally rerate"
        case .unexplained: "the bill has no counts that explain it: give its usage too"
        case .rounding: "rounding"
        case .reconciled: "booked by an earlier reconciliation"
        }
    }

    private var prices: String {
        let prices = units.compactMap { unit -> String? in
            guard let book = unit.bookPrice, let bill = unit.billPrice, book != bill else {
                return nil
            }
            return "\(unit.unit.name) at \(bill) for \(unit.goods), where the book says \(book)"
        }
        return prices.isEmpty ? "" : ": " + prices.joined(separator: "; ")
    }

    /// Lists the counts of which one side has more; `sign` is that of bill less ledger.
    private func list(requests sign: Int64, _ isMeant: (Int64) -> Bool) -> String {
        let requests = (billRequests.map { $0 - ledgerRequests } ?? 0) * sign
        var counts = units.compactMap { unit -> String? in
            guard let billed = unit.billed, isMeant(billed - unit.ledger) else { return nil }
            let count = abs(billed - unit.ledger)
            let tier = unit.tier.map { $0 == "standard" ? "" : " (\($0))" } ?? ""
            let region = unit.region.map { $0 == "global" ? "" : " (\($0))" } ?? ""
            return "\(grouped(count / unit.unit.scale)) \(unit.unit.name)\(tier)\(region)"
        }
        if requests > 0 { counts.insert(counted(requests, "request"), at: 0) }
        return counts.isEmpty ? "" : ": " + counts.joined(separator: ", ")
    }
}
