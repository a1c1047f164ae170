package import EventStore
package import LedgerModel
import LedgerSQL
package import Postgres
package import Pricing

/// Compares a ledger with bills, and books the difference on request.
package struct Reconciler: Sendable {
    private let ledger: PostgresLedger
    private let pool: Pool
    private let schedule: PriceSchedule

    package init(ledger: PostgresLedger, pool: Pool, schedule: PriceSchedule) {
        self.ledger = ledger
        self.pool = pool
        self.schedule = schedule
    }

    /// Compares the days of the bill, model by model.
    ///
    /// - Throws: `EmptyBill` for a bill that covers no day.
    package func compare(_ bill: Bill) async throws -> BillComparison {
        guard let days = bill.period else { throw EmptyBill() }
        let bounds = Set(
            schedule.entries.flatMap { $0.book.inputBounds(of: bill.provider.rawValue) })
        let side = try await LedgerSide.read(
            days, of: ledger.id, bounds: bounds.sorted(), from: pool)
        return BillComparison(of: bill, with: side, under: schedule)
    }

    /// Books the differences of a comparison; returns the outcome of each.
    package func book(_ adjustments: [Event], at now: Timestamp) async throws -> AppendReceipt {
        var batch = EntryBatch(for: ledger.id)
        var encoder = EntryEncoder()
        for event in adjustments {
            try event.validate(at: now)
            try batch.add(event, using: &encoder)
        }
        return try await ledger.append(batch)
    }
}

/// A bill without a single day.
package struct EmptyBill: Fault {
    package var kind: FaultKind { .invalid }

    package let description =
        "the bill covers no day: check the file and the dates of --since and --until"
}

/// A difference that one event cannot hold.
package struct DifferenceTooLarge: Fault {
    package var kind: FaultKind { .invalid }

    package let day: Timestamp
    package let model: Name
    package let difference: PicodollarSum

    package init(day: Timestamp, model: Name, difference: PicodollarSum) {
        self.day = day
        self.model = model
        self.difference = difference
    }

    package var description: String {
        "\(day.dayDescription) \(model): the difference of \(difference) USD is more than one "
            + "event can hold"
    }
}

extension BillComparison {
    package func isOver(_ day: Timestamp, at now: Timestamp) -> Bool {
        day.advanced(byMicroseconds: Timestamp.dayMicroseconds) <= now
    }

    /// The events that make the ledger agree with the bill: one `charge.reconciled` for each row
    /// that differs, on days that are over; see docs/decisions/0020.
    ///
    /// An id follows from ledger, provider, day, model and the previous reconciliation: of two that
    /// run at the same time, one is a conflict, and a later bill books the further difference.
    package func adjustments(of ledger: LedgerID, at now: Timestamp) throws -> [Event] {
        try rows.filter { $0.billed != nil && $0.difference != .zero && isOver($0.day, at: now) }
            .map { row in
                guard let amount = Int64(exactly: row.difference.amount) else {
                    throw DifferenceTooLarge(
                        day: row.day, model: row.model, difference: row.difference)
                }
                let identity = ExternalID(
                    source: "reconciliation",
                    id: Name(
                        [
                            ledger.description, provider.rawValue, row.day.dayDescription,
                            row.model.string, row.lastBooking?.description ?? "",
                        ].joined(separator: "\n")))
                var event = Event(
                    id: identity.eventID(at: row.day), kind: .chargeReconciled,
                    occurredAt: row.day)
                event.dimensions[.provider] = Name(provider.rawValue)
                if !row.model.string.isEmpty { event.dimensions[.model] = row.model }
                event.amount = Picodollars(amount)
                event.previousID = row.lastBooking
                event.detail = try Labels(detail(of: row))
                return event
            }
    }

    private func detail(of row: ComparedRow) -> [(key: Name, value: Name)] {
        var pairs: [(key: Name, value: Name)] = [
            ("bill", Name(billDigest.description)),
            (
                "period",
                Name("\(period.lowerBound.dayDescription)/\(period.upperBound.dayDescription)")
            ),
            ("ledger_usd", Name(row.ledger.description)),
        ]
        if let billed = row.billed { pairs.append(("billed_usd", Name(billed.description))) }
        for (reason, amount) in row.parts {
            pairs.append((Name("\(reason.rawValue)_usd"), Name(amount.description)))
        }
        return pairs
    }
}
