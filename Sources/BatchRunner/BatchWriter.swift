import JSON
import LedgerModel
import Postgres
import Pricing
import Providers

/// Writes a batch request by request, in one transaction, and adds up what it may cost.
struct BatchWriter {
    let id: EventID
    let order: BatchOrder
    let owner: BatchOwner
    let service: BatchService
    let session: Session
    let now: Timestamp
    let rate: (Usage, Name, Name) throws -> Rating
    private(set) var provider: ModelProvider?
    private(set) var firstModel = ""
    private(set) var lane = ""
    private(set) var count = 0
    private(set) var bytes: Int64 = 0
    private(set) var cost: Int64 = 0
    private var customIDs: Set<String> = []
    private var page: InsertLines
    private var pageBytes = 0

    private static let pageBytesMax = 4 << 20
    private static let pageLinesMax = 2_000
    /// After this, what was begun and not accepted is dropped.
    private static let unacceptedMax: Duration = .seconds(3_600)
    /// Output tokens that are expected of a request that doesn't limit them.
    private static let outputTokensDefault: Int64 = 1_024

    init(
        _ id: EventID, _ order: BatchOrder, _ owner: BatchOwner, _ service: BatchService,
        _ session: Session, at now: Timestamp,
        rate: @escaping (Usage, Name, Name) throws -> Rating
    ) {
        self.id = id
        self.order = order
        self.owner = owner
        self.service = service
        self.session = session
        self.now = now
        self.rate = rate
        page = InsertLines(ledger: owner.ledger, batch: id)
    }

    mutating func take(_ item: BatchItem) throws {
        guard count < BatchSettings.linesMax else {
            throw BatchFault.tooManyLines(max: BatchSettings.linesMax)
        }
        guard (1...BatchSettings.customIDBytesMax).contains(item.customID.utf8.count),
            !item.customID.utf8.contains(0)
        else {
            throw BatchFault.badLine(
                count, "custom_id must have 1 to \(BatchSettings.customIDBytesMax) bytes")
        }
        guard customIDs.insert(item.customID).inserted else {
            throw BatchFault.badLine(count, "custom_id \(item.customID) is there already")
        }
        guard let asked = item.body["model"]?.string else {
            throw BatchFault.badLine(count, "model is missing")
        }
        guard item.body["stream"] != .boolean(true) else {
            throw BatchFault.badLine(count, "a batch cannot be streamed: leave stream out")
        }
        let provider = try provider(for: asked)
        let model = provider.model(asked)
        let body = model == asked ? item.body : item.body.replacing("model", with: .text(model))
        let text = Array(body.json.utf8)
        guard text.count <= BatchSettings.lineBytesMax else {
            throw BatchFault.tooLarge(count, bytes: text.count, max: BatchSettings.lineBytesMax)
        }
        try add(price(of: body, text.count, model, provider))
        if firstModel.isEmpty { firstModel = model }
        page.numbers.append(Int32(count))
        page.customIDs.append(item.customID)
        page.models.append(model)
        page.bodies.append(text)
        count += 1
        bytes += Int64(text.count)
        pageBytes += text.count
        if pageBytes >= Self.pageBytesMax || page.numbers.count >= Self.pageLinesMax { try write() }
    }

    mutating func finish() throws {
        guard count > 0 else { throw BatchFault.noLines }
        try write()
        let kept = try session.one(KeptBytes(ledger: owner.ledger))
        guard kept + bytes <= service.settings.bytesMax else {
            throw BatchFault.full(bytes: kept + bytes, max: service.settings.bytesMax)
        }
        try session.execute(
            CountLines(ledger: owner.ledger, batch: id, lines: Int32(count), bytes: bytes))
    }

    private mutating func write() throws {
        if page.numbers.isEmpty { return }
        try session.execute(page)
        page = InsertLines(ledger: owner.ledger, batch: id)
        pageBytes = 0
    }

    /// Who is asked; the first request decides.
    private mutating func provider(for model: String) throws -> ModelProvider {
        if let provider { return provider }
        let found = try service.provider(for: order, model: model)
        provider = found
        lane = id.description
        if order.face == .single {
            let dimensions = order.facts.dimensions
            let names = [Dimension.team, .app].map { dimensions[$0]?.string ?? "" }
            lane = ([found.name, order.endpoint, found.model(model)] + names).map {
                JSONTree.text($0).json
            }.joined(separator: ",")
        }
        try session.execute(
            InsertBatch(
                owner: owner, batch: id, order: order, provider: found.name, lane: lane, now: now,
                expires: now.after(Self.unacceptedMax)))
        return found
    }

    /// What a request costs about: four bytes are a token.
    private func price(
        of body: JSONTree, _ bytes: Int, _ model: String, _ provider: ModelProvider
    ) throws -> Int64 {
        var usage: Usage = [.inputTokens: Int64(max(1, bytes / 4))]
        if order.endpoint != "/v1/embeddings" {
            let told = ["max_completion_tokens", "max_tokens"].compactMap { body[$0]?.integer }
                .max()
            usage[.outputTokens] = min(
                told.map { Int64(max($0, 0)) } ?? Self.outputTokensDefault, 1_000_000_000)
        }
        switch try rate(usage, provider.prices, Name(model)) {
        case .priced(let amount): return amount.amount
        case .unpriced(let reason):
            throw BatchFault.noBatchRate(
                provider: provider.prices.string, model: model, reason: "\(reason)")
        }
    }

    private mutating func add(_ amount: Int64) throws {
        let (sum, overflow) = cost.addingReportingOverflow(amount)
        if overflow { throw BatchFault.badLine(count, "it would cost more than can be booked") }
        cost = sum
    }
}
