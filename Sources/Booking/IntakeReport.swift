import EventReading
package import EventStore
package import LedgerModel

/// The outcome of the events of one input.
package struct IntakeReport: Sendable {
    package enum Status: String, Sendable {
        case appended, duplicate, conflict, rejected
        /// Another report of a request that the ledger has.
        case sameCall = "same_call"
    }

    /// Which events are listed one by one.
    package enum Listing: Sendable {
        /// Lists conflicts and rejections.
        case refused
        /// Lists duplicates and further reports of one call too.
        case notAppended
        case everything

        /// The position of the stored event, if the report says more of it.
        func toRead(_ outcome: AppendReceipt.Outcome) -> Int64? {
            switch outcome {
            case .conflict(let position): position
            case .duplicate(let position): self == .everything ? position : nil
            case .appended, .sameCall: nil
            }
        }
    }

    /// One event of the input.
    package struct Line: Sendable {
        package let index: Int
        package let line: Int?
        package let id: String?
        package let status: Status
        package let position: Int64?
        package let reason: String?
        /// What the event costs, if it was asked for.
        package var price: BookedPrice?
        /// The sent event and the stored one that it contradicts.
        package var contradiction: (sent: Event, stored: RecordedEvent)?

        /// About how much it takes, in memory and in an answer.
        fileprivate var bytes: Int {
            let texts = (id?.utf8.count ?? 0) + (reason?.utf8.count ?? 0)
            return 128 + texts + (contradiction == nil ? 0 : Self.contradictionBytes)
        }

        /// Of two events, and of the fields that differ.
        private static let contradictionBytes = 8_192
    }

    package private(set) var appended = 0
    package private(set) var duplicates = 0
    /// Further reports of requests that the ledger has.
    package private(set) var sameCalls = 0
    package private(set) var conflicts = 0
    package private(set) var rejected = 0
    package private(set) var head: Head?
    /// The listed events, in the order in which they were settled.
    package private(set) var lines: [Line] = []
    /// Why events were refused, whether they are listed or not.
    package private(set) var refusals = RefusalGroups()
    /// What was appended of the requests of each provider, by the name that its senders use.
    package private(set) var booked: [Name: Booked] = [:]
    private let listing: Listing

    /// Requests of one provider.
    package struct Booked: Sendable {
        package private(set) var requests = 0
        package private(set) var unpriced = 0
        package private(set) var cost = PicodollarSum.zero

        fileprivate mutating func add(_ price: BookedPrice?) {
            requests += 1
            switch price {
            case .priced(let amount): cost += amount
            case .unpriced: unpriced += 1
            case nil: break
            }
        }
    }

    /// Names of providers that a report tells apart; further ones are counted together.
    package static let providersMax = 100

    /// Events that are listed one by one; further ones are only counted.
    package static let listedMax = 10_000
    /// The bytes of ids and reasons that are listed.
    package static let listedBytesMax = 16 << 20
    private var listedBytes = 0
    /// Events that would be listed if there were fewer.
    package private(set) var unlisted = 0
    /// Conflicts and duplicates of which the ledger's event is read; of further ones only the
    /// position is told.
    package static let storedReadMax = 1_000
    private var storedRead = 0

    init(listing: Listing) {
        self.listing = listing
    }

    package func count(of status: Status) -> Int {
        switch status {
        case .appended: appended
        case .duplicate: duplicates
        case .sameCall: sameCalls
        case .conflict: conflicts
        case .rejected: rejected
        }
    }

    package var total: Int { appended + duplicates + sameCalls + conflicts + rejected }

    /// How many stored events may still be read.
    var readMax: Int { Self.storedReadMax - min(storedRead, Self.storedReadMax) }

    mutating func count(_ settled: Intake.Settled) {
        let (part, receipt) = (settled.part, settled.receipt)
        storedRead += settled.stored.count
        var entry = 0
        for item in part.items {
            guard item.refusal == nil else {
                rejected += 1
                list(item, .rejected, id: item.id, position: nil, reason: item.refusal)
                continue
            }
            count(receipt.outcomes[entry], of: item, entry, settled)
            entry += 1
        }
        if receipt.head.position >= head?.position ?? 0 { head = receipt.head }
    }

    private mutating func count(
        _ outcome: AppendReceipt.Outcome, of item: Intake.Part.Item, _ entry: Int,
        _ settled: Intake.Settled
    ) {
        let batch = settled.part.batch
        var id: String {
            item.id ?? item.span?.description ?? batch.entries[entry].id.description
        }
        switch outcome {
        case .appended(let position):
            appended += 1
            if let provider = item.provider { book(item.price, of: provider) }
            guard listing == .everything else { return }
            list(item, .appended, id: id, position: position, price: item.price)
        case .duplicate(let position):
            duplicates += 1
            guard listing != .refused else { return }
            list(
                item, .duplicate, id: id, position: position,
                price: settled.stored[position]?.price)
        case .sameCall(let position):
            sameCalls += 1
            if listing != .refused { list(item, .sameCall, id: id, position: position) }
        case .conflict(let position):
            conflicts += 1
            let place =
                position == 0 ? "comes before it in the input" : "is at position \(position)"
            let stored = settled.stored[position]?.event
            list(
                item, .conflict, id: id, position: position,
                reason: "another event with this identity \(place)",
                contradicting: stored.flatMap { stored in
                    batch.event(of: batch.entries[entry]).map { ($0, stored) }
                })
        }
    }

    private mutating func book(_ price: BookedPrice?, of provider: Name) {
        let isKept = booked[provider] != nil || booked.count < Self.providersMax
        booked[isKept ? provider : "", default: Booked()].add(price)
    }

    private mutating func list(
        _ item: Intake.Part.Item, _ status: Status, id: @autoclosure () -> String?,
        position: Int64?, reason: String? = nil, price: BookedPrice? = nil,
        contradicting contradiction: (sent: Event, stored: RecordedEvent)? = nil
    ) {
        if let reason { refusals.add(reason, at: item.line ?? item.index) }
        guard lines.count < Self.listedMax, listedBytes < Self.listedBytesMax else {
            unlisted += 1
            return
        }
        let line = Line(
            index: item.index, line: item.line, id: id(), status: status, position: position,
            reason: reason, price: price, contradiction: contradiction)
        listedBytes += line.bytes
        lines.append(line)
    }

    func with(head: Head) -> IntakeReport {
        var report = self
        report.head = head
        return report
    }

    /// The lines in input order; parts may settle in another order.
    package var orderedLines: [Line] { lines.sorted { $0.index < $1.index } }
}
