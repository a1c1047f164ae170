package import Booking
import Budgeting
import JSON
package import LedgerModel
package import Postgres
import PriceBooks
import Pricing
package import Providers

/// Batches of callers: they are taken, shown, cancelled, and their results served.
///
/// What is accepted is in the database; `JobRunner` does the rest, in this process or another.
package final class BatchService: Sendable {
    let pool: Pool
    let providers: ProviderSet
    let ledgers: LedgerRegistry
    package let settings: BatchSettings
    let makeID: @Sendable () -> EventID

    package init(
        pool: Pool, providers: ProviderSet, ledgers: LedgerRegistry,
        settings: BatchSettings = BatchSettings(), makeID: @escaping @Sendable () -> EventID
    ) {
        self.pool = pool
        self.providers = providers
        self.ledgers = ledgers
        self.settings = settings
        self.makeID = makeID
    }

    // MARK: Taking

    /// Takes a batch whose requests are at hand.
    ///
    /// - Throws: `BatchFault`, or what refuses its money; nothing is kept then.
    package func create(
        _ order: BatchOrder, _ items: [BatchItem], for owner: BatchOwner, at now: Timestamp
    ) async throws -> BatchView {
        try await create(order, for: owner, at: now) { writer in
            for item in items { try writer.take(item) }
        }
    }

    /// Takes a batch whose requests are the lines of a file.
    package func create(
        _ order: BatchOrder, from file: EventID, for owner: BatchOwner, at now: Timestamp
    ) async throws -> BatchView {
        var order = order
        order.inputFile = file
        let ledger = owner.ledger
        let find = FindFiles(owner: owner, file: file)
        return try await create(order, for: owner, at: now) { [order] writer in
            guard let found = try writer.session.first(find) else {
                throw BatchFault.unknownFile(PublicID.file(file), isInput: true)
            }
            guard found.purpose == "batch" else {
                throw BatchFault.badForm("the file's purpose is \(found.purpose), not batch")
            }
            var lines = LineSplitter(lineBytesMax: BatchSettings.lineBytesMax)
            var piece: Int32 = 0
            func take(_ line: ArraySlice<UInt8>) throws {
                try writer.take(try BatchLines.item(line, writer.count, order.endpoint))
            }
            while let content = try writer.session.first(
                FindPiece(ledger: ledger, file: file, piece: piece))
            {
                try lines.take(content, take)
                piece += 1
            }
            try lines.finish(take)
        }
    }

    private func create(
        _ order: BatchOrder, for owner: BatchOwner, at now: Timestamp,
        _ fill: @escaping @Sendable (inout BatchWriter) throws -> Void
    ) async throws -> BatchView {
        guard BatchEndpoint.paths.contains(order.endpoint) else {
            throw BatchFault.badEndpoint(order.endpoint)
        }
        let id = makeID()
        let ledger = try await ledgers.openLedger(owner.ledger)
        let prices = ledger.prices
        let made = try await pool.transaction { session in
            var writer = BatchWriter(id, order, owner, self, session, at: now) {
                usage, provider, model in
                try prices.withRater { rater in
                    try rater.rate(
                        usage, provider: provider, model: model, serviceTier: "batch", at: now
                    ).rating
                }
            }
            try fill(&writer)
            try writer.finish()
            return Made(
                cost: Picodollars(writer.cost), provider: writer.provider?.prices ?? "",
                model: Name(writer.firstModel), lane: writer.lane)
        }
        do {
            _ = try await ledger.budgets.hold(wish(id, order, owner, made), at: now)
        } catch {
            try? await pool.session {
                _ = try $0.execute(DropBatch(ledger: owner.ledger, batch: id))
            }
            throw error
        }
        let isSingle = order.face == .single
        let accept = AcceptBatch(
            ledger: owner.ledger, batch: id,
            formAt: isSingle ? now.after(settings.singleWait) : now, isHeld: true,
            expires: now.after(settings.kept))
        let fill = FillLane(
            ledger: owner.ledger, lane: made.lane, now: now, sizeMax: settings.singleCountMax)
        try await pool.session { session in
            try session.execute(accept)
            if isSingle { try session.execute(fill) }
        }
        return try await find(id, for: owner, as: [order.face])
    }

    private struct Made: Sendable {
        let cost: Picodollars
        let provider: Name
        let model: Name
        let lane: String
    }

    /// Money for all of it; a budget that expires holds sooner counts only what is charged.
    private func wish(
        _ id: EventID, _ order: BatchOrder, _ owner: BatchOwner, _ made: Made
    ) -> HoldWish {
        var dimensions = order.facts.dimensions
        dimensions[.provider] = made.provider
        dimensions[.model] = made.model
        dimensions[.serviceTier] = "batch"
        dimensions[.apiKey] = owner.key.map { Name($0.description) }
        return HoldWish(
            requestID: Self.hold(id), dimensions: dimensions, usage: Usage(), cost: made.cost)
    }

    static func hold(_ batch: EventID) -> String { "batch-\(batch)" }

    /// Who is asked for a batch.
    func provider(for order: BatchOrder, model: String) throws(BatchFault) -> ModelProvider {
        let dialect: ModelProvider.Dialect =
            order.endpoint == BatchEndpoint.anthropic ? .anthropic : .openAI
        let found: ModelProvider
        if let name = order.provider {
            guard let named = providers[name] else { throw .unknownProvider(name) }
            found = named
            guard found.kind.dialect == dialect else { throw .badEndpoint(order.endpoint) }
        } else {
            guard let first = providers.provider(for: model, speaking: dialect) else {
                throw .noProviders
            }
            found = first
        }
        guard found.hasBatches else { throw .noBatchAPI(found.name) }
        return found
    }

    // MARK: Showing

    /// - Parameter faces: in whose shapes the batch may have come.
    package func find(
        _ id: EventID, for owner: BatchOwner, as faces: [BatchOrder.Face]
    ) async throws -> BatchView {
        let find = FindBatches(owner: owner, faces: faces, batch: id)
        guard let view = try await pool.session({ try $0.first(find) }) else {
            throw BatchFault.unknownBatch(PublicID.batch(id, faces[0]))
        }
        return view
    }

    /// A page of batches, the newest first.
    package func list(
        for owner: BatchOwner, as faces: [BatchOrder.Face], after: EventID?, limit: Int
    ) async throws -> [BatchView] {
        var find = FindBatches(owner: owner, faces: faces)
        find.after = after
        find.limit = Int64(limit)
        return try await pool.session { [find] in try $0.run(find) }
    }

    package static let resultsPage = 200

    /// A page of results from a line on; empty at the end.
    package func results(
        of batch: BatchView, for owner: BatchOwner, from line: Int,
        _ outcomes: [BatchResult.Outcome] = [.succeeded, .failed, .expired, .cancelled, .missing]
    ) async throws -> [BatchResult] {
        let find = FindResults(
            ledger: owner.ledger, batch: batch.id, from: Int32(line),
            outcomes: outcomes.map(\.rawValue), limit: Int64(Self.resultsPage))
        return try await pool.session { try $0.run(find) }
    }

    // MARK: Ending

    /// Stops what has not begun; what the provider has done by then counts and is served.
    package func cancel(
        _ id: EventID, for owner: BatchOwner, as faces: [BatchOrder.Face], at now: Timestamp
    ) async throws -> BatchView {
        _ = try await find(id, for: owner, as: faces)
        let ledger = owner.ledger
        try await pool.transaction { session in
            try session.execute(CancelBatch(ledger: ledger, batch: id, now: now))
            try session.execute(CancelLines(ledger: ledger, batch: id))
            try session.execute(CancelJobs(ledger: ledger, batch: id, now: now))
            try session.execute(EndBatches(ledger: ledger, batch: id, now: now))
        }
        return try await find(id, for: owner, as: faces)
    }

    /// Removes a batch that has ended, with its results; the ledger keeps its events.
    package func delete(
        _ id: EventID, for owner: BatchOwner, as faces: [BatchOrder.Face], at now: Timestamp
    ) async throws {
        let view = try await find(id, for: owner, as: faces)
        guard view.endedAt != nil else { throw BatchFault.notEnded(PublicID.batch(id, view.face)) }
        // What nobody can find any more cannot be given back either.
        try await releaseHold(of: id, in: owner.ledger, at: now)
        let drop = DropBatch(ledger: owner.ledger, batch: id)
        try await pool.session { _ = try $0.execute(drop) }
    }

    /// Gives back what is still set aside for a batch that has ended.
    func releaseHold(of batch: EventID, in ledger: LedgerID, at now: Timestamp) async throws {
        let budgets = try await ledgers.openLedger(ledger).budgets
        do {
            _ = try await budgets.release(Self.hold(batch), at: now)
        } catch is HoldInvalid {
            // It expired, or was settled by its owner: there is nothing to give back.
        }
        try await pool.session { _ = try $0.execute(Unhold(ledger: ledger, batch: batch)) }
    }
}

/// Ids as providers' SDKs expect them: a word and 32 hexadecimal digits.
package enum PublicID {
    package static func file(_ id: EventID) -> String { "file-" + digits(id) }

    package static func batch(_ id: EventID, _ face: BatchOrder.Face) -> String {
        switch face {
        case .openAI: "batch_" + digits(id)
        case .anthropic: "msgbatch_" + digits(id)
        case .jobs, .single: id.description
        }
    }

    package static func digits(_ id: EventID) -> String { id.description.filter { $0 != "-" } }

    /// Reads any of them.
    package static func read(_ text: some StringProtocol) -> EventID? {
        let hex = text.suffix(while: \.isHexDigit)
        guard hex.count == 32 else { return EventID(String(text)) }
        var words: [UInt64] = []
        for half in [hex.prefix(16), hex.suffix(16)] {
            guard let word = UInt64(half, radix: 16) else { return nil }
            words.append(word)
        }
        return EventID(high: words[0], low: words[1])
    }
}

extension StringProtocol {
    fileprivate func suffix(while isWanted: (Character) -> Bool) -> SubSequence {
        self[(lastIndex { !isWanted($0) }.map { index(after: $0) } ?? startIndex)...]
    }
}
