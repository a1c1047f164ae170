import EventStore
import JSON
import LedgerModel
import Reconciliation

/// What `tally reconcile` found and did, as text and as JSON.
struct Reconciled {
    let comparison: BillComparison
    let tolerance: Tolerance
    let now: Timestamp
    /// What was booked; nil when nobody asked for it.
    var booked: [(event: Event, outcome: AppendReceipt.Outcome)]?

    var beyond: [ComparedRow] { comparison.rows.filter { !tolerance.admits($0) } }

    private func wasBooked(_ row: ComparedRow) -> Bool {
        booked?.contains { entry in
            entry.outcome.isBooked && entry.event.occurredAt == row.day
                && (entry.event.dimensions[.model] ?? "") == row.model
        } ?? false
    }

    /// Whether what is left after booking lies within the tolerance.
    var agrees: Bool { beyond.allSatisfy(wasBooked) }

    /// Why what should have been booked was not.
    var refusal: String? {
        let lost = (booked ?? []).filter { !$0.outcome.isBooked }
        guard let first = lost.first else { return nil }
        return "\(lost.count) of \((booked ?? []).count) bookings met another reconciliation of "
            + "the same day and model (\(first.event.occurredAt.dayDescription) "
            + "\(first.event.dimensions[.model]?.string ?? "")): run it again"
    }

    var warnings: [String] {
        var warnings: [String] = []
        let open = Set(comparison.rows.map(\.day)).filter { !comparison.isOver($0, at: now) }
        for day in open.sorted() {
            warnings.append(
                "\(day.dayDescription) is not over in UTC: both sides still grow"
                    + (booked == nil ? "" : ", so nothing was booked for it"))
        }
        for (what, count) in comparison.omissions.sorted(by: { $0.key < $1.key }) {
            let times = count == 1 ? "once" : "\(grouped(count)) times"
            warnings.append("left out \(times), no event counts it: \(what)")
        }
        return warnings
    }

    // MARK: Text

    private static let rowsShownMax = 200

    var table: String {
        var table = TextTable([
            "day", "model", "requests", "billed_requests", "ledger_usd", "bill_usd",
            "difference_usd",
        ])
        for row in comparison.rows.prefix(Self.rowsShownMax) {
            table.add([
                row.day.dayDescription, row.model.string, grouped(row.ledgerRequests),
                row.billRequests.map { grouped($0) }, row.ledger.description,
                row.billed?.description, row.difference.description,
            ])
        }
        let requests = comparison.rows.reduce(0) { $0 + $1.ledgerRequests }
        table.add([
            "total", nil, grouped(requests), nil, comparison.ledger.description,
            comparison.billed?.description, comparison.difference.description,
        ])
        let hidden = comparison.rows.count - Self.rowsShownMax
        var text = table.text
        if hidden > 0 { text += "and \(grouped(hidden)) rows with smaller differences\n" }
        for row in comparison.rows.prefix(Self.rowsShownMax) where row.difference != .zero {
            text += "\n\(row.day.dayDescription) \(row.model): \(signed(row.difference)) USD\n"
            for line in row.explanation { text += "  \(line)\n" }
        }
        return text
    }

    static func table(of events: [Event]) -> String {
        guard !events.isEmpty else { return "\nnothing to book\n" }
        var table = TextTable(["day", "model", "booked_usd", "id"])
        for event in events {
            table.add([
                event.occurredAt.dayDescription, event.dimensions[.model]?.string,
                event.amount?.description, event.id.description,
            ])
        }
        return "\nto be booked as charge.reconciled:\n" + table.text
    }

    var verdict: String {
        let days =
            "\(comparison.period.lowerBound.dayDescription) to "
            + comparison.period.upperBound.advanced(byMicroseconds: -1).dayDescription
        let subject = "ledger and \(comparison.provider.rawValue) bill, \(days):"
        let done = (booked ?? []).filter { $0.outcome.isBooked }
        if !done.isEmpty {
            return "\(subject) \(done.count) difference\(done.count == 1 ? "" : "s") booked"
                + (agrees ? ", they agree now" : ", others are left")
        }
        return beyond.isEmpty
            ? "\(subject) they agree within the tolerance"
            : "\(subject) \(beyond.count) of \(comparison.rows.count) rows differ by more than "
                + "the tolerance"
    }
}

extension AppendReceipt.Outcome {
    /// The same event, booked a moment ago by somebody else, is booked too.
    fileprivate var isBooked: Bool {
        if case .conflict = self { false } else { true }
    }
}

func signed(_ amount: PicodollarSum) -> String {
    amount > .zero ? "+\(amount)" : amount.description
}

extension ComparedRow {
    /// One sentence a reason, the largest first.
    var explanation: [String] {
        parts.sorted { abs($0.value.amount) > abs($1.value.amount) }.map { reason, amount in
            "\(signed(amount)): \(sentence(reason))"
        }
    }

    private func sentence(_ reason: Reason) -> String {
        switch reason {
        case .missing:
            return "in the bill and not in the ledger" + list(requests: 1) { $0 > 0 }
        case .notBilled:
            return "in the ledger and not in the bill" + list(requests: -1) { $0 < 0 }
        case .unpriced:
            return "\(counted(unpricedRequests)) without a price in the ledger, at what the bill "
                + "asks"
        case .otherPrice:
            let prices = units.compactMap { unit -> String? in
                guard let book = unit.bookPrice, let bill = unit.billPrice, book != bill else {
                    return nil
                }
                return "\(unit.unit.name) at \(bill) for \(unit.goods), the book says \(book)"
            }
            return "the bill has other prices than the book"
                + (prices.isEmpty ? "" : ": " + prices.joined(separator: "; "))
        case .otherBooking:
            return "charges were booked under other prices than those in force: see tally rerate"
        case .unexplained: return "the bill has no counts that say why: give its usage too"
        case .rounding: return "rounding"
        case .reconciled: return "booked by an earlier reconciliation"
        }
    }

    private func counted(_ requests: Int64) -> String {
        "\(grouped(requests)) request\(requests == 1 ? "" : "s")"
    }

    /// What one side has more of; `sign` is that of bill less ledger.
    private func list(requests sign: Int64, _ isMeant: (Int64) -> Bool) -> String {
        let requests = (billRequests.map { $0 - ledgerRequests } ?? 0) * sign
        var counts = units.compactMap { unit -> String? in
            guard let billed = unit.billed, isMeant(billed - unit.ledger) else { return nil }
            let count = abs(billed - unit.ledger)
            let tier = unit.tier.map { $0 == "standard" ? "" : " (\($0))" } ?? ""
            return "\(grouped(count / unit.unit.scale)) \(unit.unit.name)\(tier)"
        }
        if requests > 0 { counts.insert(counted(requests), at: 0) }
        return counts.isEmpty ? "" : ": " + counts.joined(separator: ", ")
    }
}

// MARK: - JSON

extension Reconciled {
    var json: String {
        var json = JSONWriter()
        json.object { json in
            json.field("provider", comparison.provider.rawValue)
            json.field("since", comparison.period.lowerBound.dayDescription)
            json.field("until", comparison.period.upperBound.dayDescription)
            json.field("bill", comparison.billDigest.description)
            json.field("position", comparison.position)
            json.field("agrees", agrees)
            json.field("ledger_usd", comparison.ledger.description)
            json.field("bill_usd", comparison.billed?.description)
            json.field("difference_usd", comparison.difference.description)
            json.key("reasons_usd")
            json.object { json in
                for reason in Reason.allCases where comparison.part(reason) != .zero {
                    json.field(reason.rawValue, comparison.part(reason).description)
                }
            }
            json.key("rows")
            json.array(of: comparison.rows) { $0.row($1, isWithin: tolerance.admits($1)) }
            json.key("warnings")
            json.array(of: warnings) { $0.value($1) }
            guard let booked else { return }
            json.key("booked")
            json.array(of: booked) { $0.booking($1.event, $1.outcome) }
        }
        return json.text
    }
}

extension JSONWriter {
    fileprivate mutating func row(_ row: ComparedRow, isWithin: Bool) {
        object { json in
            json.field("day", row.day.dayDescription)
            json.field("model", row.model.string)
            json.field("requests", row.ledgerRequests)
            json.field("billed_requests", row.billRequests)
            json.field("unpriced_requests", row.unpricedRequests)
            json.field("charged_usd", row.charged.description)
            json.field("reconciled_usd", row.reconciled.description)
            json.field("ledger_usd", row.ledger.description)
            json.field("bill_usd", row.billed?.description)
            json.field("difference_usd", row.difference.description)
            json.field("within_tolerance", isWithin)
            json.key("reasons_usd")
            json.object { json in
                for reason in Reason.allCases {
                    guard let amount = row.parts[reason] else { continue }
                    json.field(reason.rawValue, amount.description)
                }
            }
            json.key("explanation")
            json.array(of: row.explanation) { $0.value($1) }
            json.key("units")
            json.array(of: row.units) { $0.unit($1) }
        }
    }

    private mutating func unit(_ unit: ComparedUnit) {
        object { json in
            json.field("unit", unit.unit.name)
            json.field("service_tier", unit.tier?.string)
            let places = unit.unit.scale == 1 ? 0 : 6
            json.key("ledger")
            json.value(raw: decimal(Int128(unit.ledger), scale: places))
            json.key("bill")
            json.value(raw: unit.billed.map { decimal(Int128($0), scale: places) } ?? "null")
            json.field("per", unit.goods)
            json.field("book_price_usd", unit.bookPrice)
            json.field("bill_price_usd", unit.billPrice)
        }
    }

    fileprivate mutating func booking(_ event: Event, _ outcome: AppendReceipt.Outcome) {
        object { json in
            json.field("id", event.id.description)
            json.field("day", event.occurredAt.dayDescription)
            json.field("model", event.dimensions[.model]?.string)
            json.field("amount_usd", event.amount?.description)
            switch outcome {
            case .appended(let position):
                json.field("status", "appended")
                json.field("position", position)
            case .duplicate(let position):
                json.field("status", "duplicate")
                json.field("position", position)
            case .conflict(let position):
                json.field("status", "conflict")
                json.field("position", position)
            }
        }
    }
}
