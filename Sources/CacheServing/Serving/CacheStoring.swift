import Booking
package import CacheTiers
package import Caching
import JSON
package import LedgerModel
import PriceBooks
import Pricing
import UsageExtraction

/// An answer that somebody got from a provider.
package struct ReceivedAnswer: Sendable {
    /// As it came: a whole body, or the events of a stream.
    package var body: [UInt8]
    package var contentType = AnswerForm.wholeType
    package var status = 200
    /// Whether it came to its end, as far as the connection tells.
    package var isComplete = true
    /// Whether another model or provider was taken than the request says.
    package var isFallback = false
    /// What the provider was asked for, where the request has a name of the caller's own.
    package var upstreamModel: String?
    /// The provider's `Cache-Control`.
    package var cacheControl: String?
    /// Instead of what the answer says.
    package var usage: Usage?
    /// The event of the request that paid for it.
    package var requestID: EventID?
    package var tags: [Name] = []
    package var template: Name?
    package var dependencies: [Name] = []
    /// The turn that it ends.
    package var fill: FillToken?

    package init(body: [UInt8]) { self.body = body }
}

/// What became of an answer.
package struct CacheStoring: Sendable {
    package let asked: AskedQuestion
    /// Why it was not stored; nil if it was.
    package var skip: CacheSkip?
    package var answer: StoredAnswer?
    package var tiers: [CacheTier] = []
    /// The turn was over, or there was none, although the answer was stored.
    package var note: String?
    /// The `cache.stored`.
    package var event: EventID?

    package var key: CacheKey { asked.key }
}

extension ServedCache {
    /// Stores an answer unless it must not be kept; either way its turn ends.
    package func store(
        _ received: ReceivedAnswer, to question: CacheQuestion, at now: Timestamp
    ) async throws -> CacheStoring {
        let asked = try ask(question)
        let outcome: CacheStoring
        do {
            outcome = try await keep(received, asked, at: now)
        } catch {
            if let fill = received.fill { tiers.endFill(asked.address, fill) }
            throw error
        }
        if outcome.skip != nil, let fill = received.fill { tiers.endFill(asked.address, fill) }
        observe(.answer(outcome.skip))
        return outcome
    }

    /// Gives a turn back without an answer.
    package func endTurn(_ token: FillToken, of question: CacheQuestion) throws(CacheFault) {
        tiers.endFill(try ask(question).address, token)
    }

    private func keep(
        _ received: ReceivedAnswer, _ asked: AskedQuestion, at now: Timestamp
    ) async throws -> CacheStoring {
        if let skip = asked.reason { return CacheStoring(asked: asked, skip: skip) }
        guard received.status == 200 else {
            return CacheStoring(asked: asked, skip: .status(received.status))
        }
        guard received.isComplete else { return CacheStoring(asked: asked, skip: .aborted) }
        let dialect = asked.question.dialect
        let whole: AssembledAnswer
        do {
            whole = try AssembledAnswer(
                received.body, isStream: AnswerForm.isStream(received.contentType), of: dialect)
        } catch {
            return CacheStoring(asked: asked, skip: .unreadable(error))
        }
        if let skip = fallback(received, whole, asked) {
            return CacheStoring(asked: asked, skip: skip)
        }
        let facts = AnswerFacts(
            status: received.status, isComplete: whole.isComplete,
            finishReasons: whole.finishReasons, cacheControl: received.cacheControl)
        switch Storability.of(facts, to: asked.request, asked.decision, key: asked.key) {
        case .skip(let reason):
            return CacheStoring(asked: asked, skip: CacheSkip(reason))
        case .store(let seconds):
            let answer = try await stored(received, whole, asked, seconds, at: now)
            return try await keep(answer, received, whole, asked, at: now)
        }
    }

    private func keep(
        _ answer: StoredAnswer, _ received: ReceivedAnswer, _ whole: AssembledAnswer,
        _ asked: AskedQuestion, at now: Timestamp
    ) async throws -> CacheStoring {
        let receipt: CacheReceipt
        do {
            receipt = try await tiers.store(
                answer, for: asked.address, fill: received.fill, at: now)
        } catch {
            // What is wrong with the call itself is an error, not an answer that is not kept.
            if error.param != nil || error.kind == .defect { throw error }
            return CacheStoring(asked: asked, skip: .tier(error))
        }
        if receipt.tiers.isEmpty { return CacheStoring(asked: asked, skip: .unready) }
        let event = events.stored(answer, receipt, of: asked, at: now)
        do {
            try await book(event, in: asked.question.ledger)
        } catch {
            // Nothing is given that the ledger doesn't know.
            _ = try? await tiers.invalidate(
                .key(asked.key), ledger: asked.question.ledger, at: now)
            throw error
        }
        if let similar, let question = asked.near {
            let body = Array(whole.whole.json.utf8)
            await similar.stored(
                question, AnswerPrint(body, dialect: asked.question.dialect), at: now)
        }
        var outcome = CacheStoring(
            asked: asked, answer: answer, tiers: receipt.tiers, event: event.id)
        if let fill = received.fill, fill.until < now {
            outcome.note =
                "the turn was over at \(fill.until), so somebody else may have fetched it too"
        }
        return outcome
    }

    /// Another model than the one that was asked for.
    private func fallback(
        _ received: ReceivedAnswer, _ whole: AssembledAnswer, _ asked: AskedQuestion
    ) -> CacheSkip? {
        let wanted = received.upstreamModel ?? asked.request.model
        let answered = whole.model ?? wanted
        let isOther =
            !wanted.isEmpty && !answered.isEmpty && !SameModel.answers(answered, as: wanted)
        guard received.isFallback || isOther else { return nil }
        return .fallback(answered: answered, asked: wanted)
    }

    private func stored(
        _ received: ReceivedAnswer, _ whole: AssembledAnswer, _ asked: AskedQuestion,
        _ seconds: Int, at now: Timestamp
    ) async throws -> StoredAnswer {
        let dimensions = asked.question.dimensions
        let provider = dimensions[.provider]
        let usage =
            received.usage
            ?? AnsweredUsage.read(whole.whole, of: asked.question.dialect, provider: provider)
            ?? Usage()
        let model = whole.model.flatMap {
            (1...Dimensions.valueBytesMax).contains($0.utf8.count) ? Name($0) : nil
        }
        let fresh = now.advanced(byMicroseconds: Int64(seconds) * 1_000_000)
        let answer = StoredAnswer(
            body: received.body, contentType: received.contentType, partition: asked.partition,
            storedAt: now, freshUntil: fresh,
            usableUntil: fresh.advanced(
                byMicroseconds: Int64(asked.rule.staleSeconds) * 1_000_000),
            provider: provider, model: model ?? dimensions[.model], usage: usage,
            causeID: received.requestID, tags: Self.distinct(asked.rule.tags + received.tags),
            template: received.template, dependencies: Self.distinct(received.dependencies))
        return try await priced(answer, dimensions, at: now)
    }

    private static func distinct(_ names: [Name]) -> [Name] {
        var seen: Set<Name> = []
        return names.filter { seen.insert($0).inserted }
    }

    /// The answer with what it costs to get it again, which decides how long it stays.
    private func priced(
        _ answer: StoredAnswer, _ dimensions: Dimensions, at now: Timestamp
    ) async throws -> StoredAnswer {
        guard let model = answer.model, !answer.usage.isEmpty else { return answer }
        var answer = answer
        let prices = try await ledgers.openLedger(answer.partition.ledger).prices
        let rating = prices.withRater { rater in
            try? rater.rate(
                answer.usage, provider: answer.provider, model: model,
                serviceTier: dimensions[.serviceTier], region: dimensions[.region], at: now
            ).rating
        }
        if case .priced(let cost) = rating { answer.cost = cost }
        return answer
    }
}

/// The usage that an answer tells.
enum AnsweredUsage {
    static func read(_ whole: JSONTree, of dialect: RequestDialect, provider: Name?) -> Usage? {
        let provider = provider.map { SellerNames.name($0.string) } ?? ""
        let (seller, flavor) =
            switch dialect {
            case .chatCompletions, .completions: ("openai", "chat")
            case .embeddings: ("openai", "embeddings")
            case .responses: ("openai", "responses")
            case .messages: ("anthropic", "default")
            }
        let catalog = ExtractorCatalog.builtIn
        let own = catalog.extractor(
            of: provider, flavor: dialect == .messages ? "anthropic" : flavor)
        let extractor = own ?? catalog.extractor(of: seller, flavor: flavor)
        return try? extractor?.extract(from: whole).usage
    }
}

extension CacheSkip {
    init(_ reason: Storability.Reason) {
        self =
            switch reason {
            case .notAsked: .asked
            case .status(let status): .status(status)
            case .aborted: .aborted
            case .unfinished(let word): .unfinished(word)
            case .fallback: .fallback(answered: "another model", asked: "the one that was asked")
            case .forbidden: .forbidden
            }
    }
}
