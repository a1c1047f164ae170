import Booking
import Budgeting
import EventStore
import JSON
import LedgerModel
import PriceBooks
import Pricing

/// What is to be booked of one request, complete, so that it can be written to a file and booked later.
struct BookingEntry: Hashable, Sendable {
    let ledger: LedgerID
    /// The name of the hold that it ends; nil without one.
    let hold: String?
    let booked: SettledRequest

    // MARK: As text

    /// JSON in one line: the events are in hexadecimal, as the ledger hashes them.
    ///
    /// A request and each of its attempts are entries of their own, so that each fits into a record.
    var records: [[UInt8]] {
        let first = [booked.request] + (booked.charge.map { [$0] } ?? [])
        var parts = [first]
        for event in booked.others {
            if event.kind.isRequest {
                parts.append([event])
            } else {
                parts[parts.count - 1].append(event)
            }
        }
        return parts.enumerated().map { Self.record(ledger, $0 == 0 ? hold : nil, $1) }
    }

    private static func record(_ ledger: LedgerID, _ hold: String?, _ events: [Event]) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.key("ledger")
            json.value(raw: String(ledger.number))
            if let hold {
                json.key("hold")
                json.value(hold)
            }
            json.key("events")
            json.array(of: events) { json, event in json.value(hexadecimal(event)) }
        }
        return Array(json.text.utf8)
    }

    /// Reads a record back; nil for anything else.
    init?(_ record: some Sequence<UInt8>) {
        guard let json = try? JSONTree(parsing: record), let number = json["ledger"]?.integer,
            let texts = json["events"]?.items
        else { return nil }
        let events = texts.compactMap { $0.string.flatMap(Self.event) }
        guard events.count == texts.count, let request = events.first, request.kind.isRequest else {
            return nil
        }
        self.init(
            ledger: LedgerID(Int64(number)), hold: json["hold"]?.string,
            booked: SettledRequest(request, events.count > 1 ? events[1] : nil))
    }

    init(ledger: LedgerID, hold: String?, booked: SettledRequest) {
        self.ledger = ledger
        self.hold = hold
        self.booked = booked
    }

    private static func hexadecimal(_ event: Event) -> String {
        var image = EventImage()
        image.append(event)
        let digits = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: image.count * 2) { text in
            for (index, byte) in image.buffer.enumerated() {
                text[index * 2] = digits[Int(byte >> 4)]
                text[index * 2 + 1] = digits[Int(byte & 15)]
            }
            return image.count * 2
        }
    }

    private static func event(_ text: String) -> Event? {
        func value(_ digit: UInt8) -> UInt8? {
            Character(Unicode.Scalar(digit)).hexDigitValue.map { UInt8($0) }
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 2)
        var high: UInt8?
        for digit in text.utf8 {
            guard let value = value(digit) else { return nil }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return high == nil ? bytes.withUnsafeBytes { Event(image: $0) } : nil
    }
}

// MARK: - Into the ledger

extension RequestBooks {
    /// Books an entry; what the ledger has of it already is booked once.
    ///
    /// - Returns: what is left in the budget that has least, if budgets hold it.
    @discardableResult
    static func append(
        _ entry: BookingEntry, to ledger: OpenLedger, at now: Timestamp
    ) async throws -> PicodollarSum? {
        guard let hold = entry.hold else {
            try await append(entry.booked, to: ledger)
            return nil
        }
        do {
            return try await ledger.budgets.settle(hold, with: entry.booked, at: now)
                .budgets.remaining
        } catch HoldInvalid.unknown {
            // It was in a killed instance's memory only, and its money went back with the lease.
            try await append(entry.booked, to: ledger)
        } catch HoldInvalid.otherSettlement {
            try await correct(entry.booked, in: ledger)
        }
        return nil
    }

    /// Appends a request that no budget holds, in one commit.
    private static func append(_ booked: SettledRequest, to ledger: OpenLedger) async throws {
        var batch = EntryBatch(for: ledger.store.id)
        var encoder = EntryEncoder()
        try batch.add(booked.request, charge: booked.charge, using: &encoder)
        var others = booked.others[...]
        while let event = others.popFirst() {
            var charge: Event?
            if let next = others.first, next.kind.isCharge { charge = others.removeFirst() }
            try batch.add(event, charge: charge, using: &encoder)
        }
        let receipt = try await ledger.store.append(batch)
        if case .conflict? = receipt.outcomes.first { try await correct(booked, in: ledger) }
    }

    /// Brings the charge of a request that was given up as unresolved to what it used after all.
    ///
    /// Anything else that the ledger has under its id stays as it is: it was booked.
    private static func correct(_ booked: SettledRequest, in ledger: OpenLedger) async throws {
        let id = booked.request.id
        for _ in 0..<correctionsMax {
            if booked.request.errorType == UnresolvedRequests.errorType { return }
            guard let known = try await ledger.store.event(id)?.event,
                known.errorType == UnresolvedRequests.errorType, known != booked.request
            else { return }
            var chain = ChargeChain(of: known)
            while let charge = try await ledger.store.event(
                .charge(for: id, after: chain.lastID))?.event
            {
                chain.add(
                    charge.id, amount: charge.amount, unpriced: charge.unpriced,
                    book: charge.bookID)
            }
            let rated = try ledger.prices.withRater {
                try ChargeRule.rate(booked.request, rater: &$0)
            }
            guard var adjustment = try ChargeRule.adjustment(of: chain, to: rated) else { return }
            adjustment.detail = try? Labels(
                [(key: "reason", value: "resolved")]
                    + booked.request.usage.units.map { unit in
                        (
                            key: Name(unit.name),
                            value: Name(String(booked.request.usage.value(unit)))
                        )
                    })
            var batch = EntryBatch(for: ledger.store.id)
            var encoder = EntryEncoder()
            try batch.add(adjustment, using: &encoder)
            let receipt = try await ledger.store.append(batch)
            if case .conflict? = receipt.outcomes.first { continue }
            return
        }
        throw AppendError.overloaded
    }

    /// Attempts at a correction while others adjust the same charge.
    private static let correctionsMax = 8
}
