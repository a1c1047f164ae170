package import EventReading
package import EventStore
package import LedgerModel
package import PriceBooks
import Pricing

/// Books what callers report: rates each request and each optimized prompt, appends it with its
/// charge or saving, and reports the outcome of every event.
///
/// Rating, encoding and hashing run in the caller's task; only the commit is shared.
package struct Intake: Sendable {
    package let ledger: any EntryStore
    private let prices: LedgerPrices

    /// Entries handed to the writer at once.
    ///
    /// A larger body is split, so that the first part commits while the next is being encoded.
    package static let batchEntriesMax = 2_048
    /// Batches of one body that wait for their commit.
    private static let batchesInFlightMax = 4

    package init(ledger: any EntryStore, prices: LedgerPrices) {
        self.ledger = ledger
        self.prices = prices
    }

    /// Takes events from `next` until it returns nil, and appends them in that order.
    ///
    /// - Parameters:
    ///   - listing: which events the report lists one by one.
    ///   - next: the next event or its refusal.
    ///   - progress: called with the number of events settled so far.
    /// - Throws: `AppendError` when the ledger cannot take more; what was appended so far is a
    ///   duplicate when sent again.
    package func take(
        listing: IntakeReport.Listing = .notAppended, progress: (IntakeReport) -> Void = { _ in },
        next: () throws -> ReadItem?
    ) async throws -> IntakeReport {
        let first = try nextPart(next)
        // Most inputs are one small part, which needs no separate tasks.
        let report =
            first.isLast
            ? try await settled(first, listing, progress)
            : try await settle(first, listing, progress, next)
        return report.head == nil ? report.with(head: try await ledger.head()) : report
    }

    /// Books one event of the program's own.
    ///
    /// - Throws: `EventRefused` if it is not new, or cannot be rated.
    package func take(_ event: Event) async throws {
        var rest: ReadItem? = ReadItem(index: 0, line: nil, result: .success(event))
        let report = try await take(listing: .everything) { rest.take() }
        guard report.appended == 1 else {
            throw EventRefused(reason: report.orderedLines.first?.reason ?? "it is not new")
        }
    }

    private func settled(
        _ part: Part, _ listing: IntakeReport.Listing, _ progress: (IntakeReport) -> Void
    ) async throws -> IntakeReport {
        var report = IntakeReport(listing: listing)
        if part.items.isEmpty { return report }
        report.count(part, try await ledger.append(part.batch))
        progress(report)
        return report
    }

    /// Appends the first part while later ones are encoded.
    private func settle(
        _ first: Part, _ listing: IntakeReport.Listing, _ progress: (IntakeReport) -> Void,
        _ next: () throws -> ReadItem?
    ) async throws -> IntakeReport {
        try await withThrowingTaskGroup(of: Settled.self) { group in
            var report = IntakeReport(listing: listing)
            var inFlight = 0
            var following: Part? = first
            while let part = following {
                if inFlight == Self.batchesInFlightMax, let settled = try await group.next() {
                    report.count(settled.part, settled.receipt)
                    progress(report)
                    inFlight -= 1
                }
                if !part.items.isEmpty {
                    let ledger = self.ledger
                    group.addTask {
                        Settled(part: part, receipt: try await ledger.append(part.batch))
                    }
                    inFlight += 1
                }
                following = part.isLast ? nil : try nextPart(next)
            }
            while let settled = try await group.next() {
                report.count(settled.part, settled.receipt)
                progress(report)
            }
            return report
        }
    }

    /// Some events of the input, and the entries that the good ones became.
    struct Part: Sendable {
        struct Item: Sendable {
            let index: Int
            let line: Int?
            let id: String?
            /// Why the event was refused; nil for the next entry of the batch.
            let refusal: String?
            var span: SpanName?
        }

        var items: [Item] = []
        var batch: EntryBatch
        var isLast = false
    }

    private struct Settled: Sendable {
        let part: Part
        let receipt: AppendReceipt
    }

    private func nextPart(_ next: () throws -> ReadItem?) throws -> Part {
        var part = Part(batch: EntryBatch(for: ledger.id))
        try prices.withRater { rater in
            var encoder = EntryEncoder()
            while part.items.count < Self.batchEntriesMax {
                guard let item = try next() else {
                    part.isLast = true
                    return
                }
                part.items.append(book(item, in: &part.batch, &rater, &encoder))
            }
        }
        return part
    }

    private func book(
        _ item: ReadItem, in batch: inout EntryBatch, _ rater: inout Rater,
        _ encoder: inout EntryEncoder
    ) -> Part.Item {
        switch item.result {
        case .failure(let rejection):
            return Part.Item(
                index: item.index, line: item.line, id: rejection.id, refusal: rejection.reason)
        case .success(let event):
            let id = event.externalID?.id.string
            do {
                let charge = try ChargeRule.charge(for: event, rater: &rater)
                let saving = try SavingRule.saving(for: event, rater: &rater)
                try batch.add(event, charge: charge ?? saving, using: &encoder)
                return Part.Item(
                    index: item.index, line: item.line, id: id, refusal: nil, span: item.span)
            } catch {
                return Part.Item(
                    index: item.index, line: item.line,
                    id: id ?? item.span?.description ?? event.id.description,
                    refusal: "\(error)")
            }
        }
    }
}

/// An event of the program's own that the ledger did not take.
package struct EventRefused: Fault {
    package var kind: FaultKind { .invalid }

    package let reason: String

    package init(reason: String) {
        self.reason = reason
    }

    package var description: String { "the event was not booked: \(reason)" }
}

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
    }

    /// One event of the input.
    package struct Line: Sendable {
        package let index: Int
        package let line: Int?
        package let id: String?
        package let status: Status
        package let position: Int64?
        package let reason: String?
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
    private let listing: Listing

    /// Refusals that are listed; further ones are only counted.
    ///
    /// The other listings are for bodies, which have their own limit.
    package static let refusalsListedMax = 10_000

    init(listing: Listing) {
        self.listing = listing
    }

    package var total: Int { appended + duplicates + sameCalls + conflicts + rejected }

    mutating func count(_ part: Intake.Part, _ receipt: AppendReceipt) {
        var entry = 0
        for item in part.items {
            guard item.refusal == nil else {
                rejected += 1
                list(item, .rejected, id: item.id, position: nil, reason: item.refusal)
                continue
            }
            var id: String {
                item.id ?? item.span?.description ?? part.batch.entries[entry].id.description
            }
            switch receipt.outcomes[entry] {
            case .appended(let position):
                appended += 1
                if listing == .everything { list(item, .appended, id: id, position: position) }
            case .duplicate(let position):
                duplicates += 1
                if listing != .refused { list(item, .duplicate, id: id, position: position) }
            case .sameCall(let position):
                sameCalls += 1
                if listing != .refused { list(item, .sameCall, id: id, position: position) }
            case .conflict(let position):
                conflicts += 1
                let place =
                    position == 0 ? "comes before it in the input" : "is at position \(position)"
                list(
                    item, .conflict, id: id, position: position,
                    reason: "another event with this identity \(place)")
            }
            entry += 1
        }
        if receipt.head.position >= head?.position ?? 0 { head = receipt.head }
    }

    private mutating func list(
        _ item: Intake.Part.Item, _ status: Status, id: @autoclosure () -> String?,
        position: Int64?, reason: String? = nil
    ) {
        if let reason { refusals.add(reason, at: item.line ?? item.index) }
        guard listing != .refused || lines.count < Self.refusalsListedMax else { return }
        lines.append(
            Line(
                index: item.index, line: item.line, id: id(), status: status, position: position,
                reason: reason))
    }

    func with(head: Head) -> IntakeReport {
        var report = self
        report.head = head
        return report
    }

    /// The lines in input order; parts may settle in another order.
    package var orderedLines: [Line] { lines.sorted { $0.index < $1.index } }
}
