import Booking
import Budgeting
import Budgets
import LedgerModel
import PriceBooks
import Pricing
import Routing

/// What is noted of an open request, for the case that its process is killed: its event as far as it is
/// known by then.
struct OpenNote: Sendable {
    let ledger: LedgerID
    let isHeld: Bool
    /// A failed request whose usage is its input, as estimated.
    let event: Event
    let maxTokens: Int64?
    let choices: Int64

    init(_ open: OpenRequest) {
        let request = open.request
        ledger = request.ledger
        isHeld = open.hold != nil
        maxTokens = open.expected.maxTokens
        choices = open.expected.choices
        let candidate = open.candidate ?? open.candidates.first
        var event = Event(id: request.id, kind: .requestFailed, occurredAt: request.arrivedAt)
        event.causeID = open.hold?.hold.event.id
        event.dimensions = request.dimensions
        event.dimensions[.provider] = candidate?.provider ?? "none"
        let model = candidate?.model.string ?? request.model
        event.dimensions[.model] = Name(model.isEmpty ? "none" : model)
        event.dimensions[.operation] = event.dimensions[.operation] ?? request.api.ledgerOperation
        event.labels = request.labels
        event.usage = open.expected.input
        event.errorType = UnresolvedRequests.errorType
        event.detail = try? Labels([
            (key: RequestBooking.usageKey, value: RequestBooking.estimated),
            (key: "route", value: open.route.name),
        ])
        self.event = event
    }

    // MARK: As bytes

    /// Ledger, hold, limit and number of answers, then the event's image; without its labels if it is too
    /// long, and empty if it still is.
    var bytes: [UInt8] {
        var bytes = encoded(event)
        if bytes.count > OpenSlots.noteBytesMax {
            var shorter = event
            shorter.labels = nil
            bytes = encoded(shorter)
        }
        return bytes.count > OpenSlots.noteBytesMax ? [] : bytes
    }

    private static let headBytes = 32

    private func encoded(_ event: Event) -> [UInt8] {
        var bytes: [UInt8] = []
        for number in [ledger.number, isHeld ? 1 : 0, maxTokens ?? -1, choices] {
            Swift.withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
        }
        var image = EventImage()
        image.append(event)
        bytes.append(contentsOf: image.buffer)
        return bytes
    }

    /// Nil for bytes of another program.
    init?(_ bytes: [UInt8]) {
        guard bytes.count > Self.headBytes else { return nil }
        let numbers = (0..<4).map { index in
            bytes[index * 8..<index * 8 + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }.map { Int64(bitPattern: $0) }
        let image = Array(bytes[Self.headBytes...])
        guard let event = image.withUnsafeBytes({ Event(image: $0) }), event.kind == .requestFailed
        else { return nil }
        ledger = LedgerID(numbers[0])
        isHeld = numbers[1] == 1
        maxTokens = numbers[2] < 0 ? nil : numbers[2]
        choices = numbers[3]
        self.event = event
    }
}

/// Requests that an instance left open when it was killed.
enum UnresolvedRequests {
    /// Their type of error: nobody knows how they ended.
    static let errorType = BudgetService.unresolved
}

extension RequestBooks {
    /// Books what an earlier process of this instance left open, once each, as unresolved: with the input as
    /// it was counted and the output that the ledger's history makes likely.
    ///
    /// To be called before the first request, and after the spool was drained: what has ended is in there.
    ///
    /// - Returns: how many there were.
    @discardableResult
    package func resolveAbandoned() async throws -> Int {
        guard let spool else { return 0 }
        let abandoned = spool.abandoned
        for (slot, note) in abandoned {
            let ledger = try await ledgers.openLedger(note.ledger)
            var event = note.event
            event.usage = try await ledger.budgets.likelyUsage(
                event.dimensions, input: event.usage, maxTokens: note.maxTokens,
                choices: note.choices, at: event.occurredAt)
            let charge = try ledger.prices.withRater { rater in
                try ChargeRule.charge(for: event, rater: &rater)
            }
            let entry = BookingEntry(
                ledger: note.ledger, hold: note.isHeld ? event.id.description : nil,
                booked: SettledRequest(event, charge))
            try await Self.append(entry, to: ledger, at: now())
            spool.forget(slot: slot)
        }
        return abandoned.count
    }
}
