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
        report.count(try await append(part, listing, readMax: report.readMax))
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
                    report.count(settled)
                    progress(report)
                    inFlight -= 1
                }
                if !part.items.isEmpty {
                    let readMax = report.readMax
                    group.addTask { try await append(part, listing, readMax: readMax) }
                    inFlight += 1
                }
                following = part.isLast ? nil : try nextPart(next)
            }
            while let settled = try await group.next() {
                report.count(settled)
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
            /// Of a request.
            var provider: Name?
            /// Of a request that is charged.
            var price: BookedPrice?
        }

        var items: [Item] = []
        var batch: EntryBatch
        var isLast = false
    }

    struct Settled: Sendable {
        let part: Part
        let receipt: AppendReceipt
        /// What the ledger has where a report says more of an event than its status.
        let stored: [Int64: StoredEntry]
    }

    private func append(
        _ part: Part, _ listing: IntakeReport.Listing, readMax: Int
    ) async throws -> Settled {
        let receipt = try await ledger.append(part.batch)
        let positions = receipt.outcomes.lazy.compactMap(listing.toRead).prefix(readMax)
        if positions.isEmpty { return Settled(part: part, receipt: receipt, stored: [:]) }
        // What was appended is settled, even if the ledger cannot be read just now.
        let stored = try? await ledger.stored(at: Array(positions))
        return Settled(part: part, receipt: receipt, stored: stored ?? [:])
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
                    index: item.index, line: item.line, id: id, refusal: nil, span: item.span,
                    provider: event.kind.isRequest ? event.dimensions[.provider] : nil,
                    price: charge.flatMap { BookedPrice($0) })
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
