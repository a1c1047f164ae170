import Estimating
package import LedgerModel
import LedgerSQL
import Postgres

/// Folds the rows of a page into the rollups of every read model that is due.
///
/// A charge stands right behind its request, and a saving behind its prompt, since both are booked
/// together; whatever stands elsewhere is looked up when the page is read.
struct EventScan {
    let needs: ScanNeeds
    private let readsLabels: Bool
    private(set) var folds: [RollupFold]
    private var fields = PageFields()
    private var place = FactPlace()
    private var fact = Fact()
    private var request = KnownEvent()
    private var saver: Saver?
    /// Charges that wait for what is known of their request or of the charge before.
    private(set) var pending: [PendingCharge] = []
    private(set) var found = ScanFindings()
    private var sessions = SessionScan()

    init(_ rollups: [Rollup], readsIDs: Bool) {
        var needs = ScanNeeds(rollups)
        if readsIDs { needs.insert(.labels) }
        self.needs = needs
        readsLabels = needs.contains(.labels)
        folds = rollups.map { RollupFold($0) }
        let nothing: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]
        // Number 0 of every aspect is nothing.
        for aspect in Aspect.allCases {
            _ = fields[aspect].number(of: aspect.columns.flatMap { _ in nothing })
        }
    }

    /// Cells that are kept in memory, over all rollups.
    var size: Int { folds.reduce(0) { $0 + $1.cells.size } }

    /// Gives the cells away and begins anew; in the middle of a page unless it is the last time.
    mutating func drain(isLast: Bool) -> [RollupFold] {
        if isLast { finishSaver() }
        var drained = folds.map { RollupFold($0.rollup) }
        swap(&drained, &folds)
        return drained
    }

    // MARK: - Rows

    mutating func take(_ row: inout BinaryCopyFields) throws {
        fact.removeAll()
        let row = try ScannedRow(&row, needs, usage: &fact)
        found.events += 1
        if saver != nil, row.kind != .savingRated { finishSaver() }
        switch row.kind {
        case .requestCompleted, .requestFailed: take(request: row)
        case .requestRepeated:
            // What it adds to its request's usage; the request was counted before.
            locate(row)
            add(.requests)
            add(.turns)
            add(.calls)
        case .chargeRated, .chargeAdjusted, .chargeReconciled: take(charge: row)
        case .promptOptimized: take(prompt: row)
        case .savingRated: take(saving: row)
        case .cacheHit, .cacheMiss, .cacheStored, .cacheEvicted, .cacheInvalidated:
            take(row, .cache, .cache)
        case .batchFormed, .batchCompleted: take(row, .batches, .batch)
        case .experimentObserved:
            if readsLabels, let labels = row.labels, LabelFacts(labels).nameExperiment {
                found.labelled.append(row.id)
            }
        // Read models count nothing else, also not what a newer program appended.
        default: break
        }
    }

    private mutating func locate(_ row: ScannedRow) {
        place.time = row.occurredAt
        place.base = fields.base.number(of: row.base)
        place.aspects = InlineArray(repeating: 0)
        if needs.contains(.users) {
            place.aspects[Aspect.user.rawValue] = fields[.user].number(of: row.user)
        }
    }

    // MARK: - Requests

    private mutating func take(request row: ScannedRow) {
        locate(row)
        request = KnownEvent(
            id: row.id, isFailed: row.kind == .requestFailed,
            inputTokens: fact[.usage(.inputTokens)], outputTokens: fact[.usage(.outputTokens)])
        if needs.contains(.failures), request.isFailed {
            request.failure = fields[.failure].number(of: row.failure)
        }
        fact[.requests] = 1
        if request.isFailed {
            addFailure(request)
            fact[.failedRequests] = 1
        }
        if let latency = row.latency { fact[.latency] = Self.bucket(latency) }
        if let first = row.timeToFirstToken { fact[.timeToFirstToken] = Self.bucket(first) }
        if needs.contains(.calls) { take(call: row) }
        if needs.contains(.sessions), !sessions.take(row, fact, at: place, fields) { add(.turns) }
        if readsLabels { takeLabels(row) }
        add(.requests)
    }

    private mutating func take(call row: ScannedRow) {
        let facts = CallFacts(row.detail)
        request.route = facts.route.map { fields.route($0) } ?? 0
        place.aspects[Aspect.route.rawValue] = request.route
        facts.tell(of: row, request, to: &fact)
        add(.calls)
    }

    /// Follows the sessions of the requests so far: from where each version of the read model
    /// left them, or from where this scan did.
    mutating func settleTurns(
        _ versions: [Int32], load: (Int32, [Digest]) throws -> [Int: SessionThread]
    ) throws {
        let turns = sessions.takeTurns()
        if turns.isEmpty { return }
        for index in folds.indices where folds[index].rollup.subject == .turns {
            let version = versions[index]
            var threads = found.threads[version] ?? SessionThreads()
            try threads.extend(to: sessions.threads) { try load(version, $0) }
            for turn in turns {
                threads.follow(turn, fact: &fact, place: &place) { fields.turn($0) }
                folds[index].take(fact, at: place, of: fields)
            }
            found.threads[version] = threads
        }
    }

    /// Names the sessions whose rows changed.
    mutating func nameThreads() {
        for version in found.threads.keys {
            found.threads[version]?.name(by: sessions.threads, fields)
        }
    }

    private mutating func takeLabels(_ row: ScannedRow) {
        let isCompleted = row.kind == .requestCompleted
        let output = request.outputTokens
        let labels = row.labels.map { LabelFacts($0) }
        if isCompleted, let output {
            fact[.answerLength] = Self.bucket(output)
            let images = fact[.usage(.inputImageTokens)]
            let shape =
                labels?.shape(inputTokens: request.inputTokens, inputImageTokens: images)
                ?? PromptShape(inputTokens: request.inputTokens, hasImages: (images ?? 0) > 0)
            place.aspects[Aspect.shape.rawValue] = fields.shape(shape.code)
        }
        guard let labels else { return }
        if labels.nameExperiment { found.labelled.append(row.id) }
        if isCompleted, let outcome = labels.outcome(outputTokens: output) {
            switch outcome {
            case .finished: fact[.finishedRequests] = 1
            case .cutOff: fact[.cutOffRequests] = 1
            case .refused: fact[.refusedRequests] = 1
            }
        }
        if let limit = labels.outputLimit { fact[.answerLimit] = Self.bucket(limit) }
        if let estimate = labels.estimate(billed: request.inputTokens) {
            fact[.estimatedRequests] = 1
            fact[.estimatedTokens] = estimate.estimated
            fact[.billedTokens] = estimate.billed
            fact[.estimateRatio] = estimate.thousandths
            var block: [UInt8] = []
            (labels.estimatedWith ?? []).withUnsafeBytes { block.appendField(raw: $0) }
            place.aspects[Aspect.estimate.rawValue] = fields[.estimate].number(of: block)
        }
    }

    /// Log-linear buckets serve durations as well as lengths.
    private static func bucket(_ value: Int64) -> Int64 {
        Int64(LengthHistogram.bucket(of: max(0, value)))
    }

    // MARK: - Charges

    private mutating func take(charge row: ScannedRow) {
        locate(row)
        fact.removeAll()
        fact[.charges] = 1
        fact[.cost] = row.amount ?? 0
        if row.unpriced != nil, row.kind != .chargeReconciled { fact[.unpricedRequests] = 1 }
        add(.requests)
        guard row.kind != .chargeReconciled else { return }
        if row.kind == .chargeAdjusted { found.adjustments.append(row.id) }
        var charge = PendingCharge(
            place: place, amount: row.amount, causeID: row.causeID, previousID: row.previousID,
            reason: row.unpriced.map { fields.reason($0) })
        if row.kind == .chargeRated { charge.previousID = nil }
        if charge.previousID == nil, row.causeID == request.id {
            settle(charge, of: request)
        } else if charge.previousID != nil || charge.reason != nil || needs.contains(.failures) {
            pending.append(charge)
        }
    }

    /// Books what a charge changes beside money: what is unpriced, and what failures cost.
    private mutating func settle(_ charge: PendingCharge, of request: KnownEvent) {
        if let reason = charge.reason { takeUnpriced(1, charge, reason, request) }
        place = charge.place
        fact.removeAll()
        fact[.cost] = charge.amount
        if charge.reason != nil { fact[.unpricedRequests] = 1 }
        addCall(request)
        if request.isFailed { addFailure(request) }
    }

    /// Settles what waited, now that the events which it names are known.
    mutating func settle(_ named: [NamedEvent]) {
        var known: [EventID: KnownEvent] = [:]
        for event in named { known[event.known.id] = self.known(event) }
        let waiting = pending
        pending.removeAll()
        for charge in waiting {
            let request = charge.causeID.flatMap { known[$0] } ?? KnownEvent()
            settle(charge, of: request)
            guard let previous = charge.previousID.flatMap({ known[$0] }),
                let reason = previous.unpriced
            else { continue }
            place = charge.place
            fact.removeAll()
            fact[.unpricedRequests] = -1
            add(.requests)
            addCall(request)
            if request.isFailed { addFailure(request) }
            takeUnpriced(-1, charge, fields.reason(reason), request)
        }
    }

    private mutating func known(_ event: NamedEvent) -> KnownEvent {
        var known = event.known
        if let route = event.route { known.route = fields.route(route) }
        guard known.isFailed else { return known }
        var block: [UInt8] = []
        block.appendField(event.status)
        block.appendField(event.errorType)
        known.failure = fields[.failure].number(of: block)
        return known
    }

    private mutating func takeUnpriced(
        _ change: Int64, _ charge: PendingCharge, _ reason: Int32, _ request: KnownEvent
    ) {
        place = charge.place
        place.aspects[Aspect.reason.rawValue] = reason
        fact.removeAll()
        fact[.requests] = change
        fact[.usage(.inputTokens)] = change * (request.inputTokens ?? 0)
        fact[.usage(.outputTokens)] = change * (request.outputTokens ?? 0)
        add(.unpriced)
    }

    /// Counts the fact under the route of a request.
    private mutating func addCall(_ request: KnownEvent) {
        place.aspects[Aspect.route.rawValue] = request.route
        add(.calls)
    }

    /// Counts the fact under the status and error type of a failed request.
    private mutating func addFailure(_ request: KnownEvent) {
        place.aspects[Aspect.failure.rawValue] = request.failure
        add(.failures)
    }

    // MARK: - Savings

    private mutating func take(prompt row: ScannedRow) {
        guard let counts = row.prompt else { return }
        locate(row)
        saver = Saver(id: row.id, place: place, what: .prompt(counts))
    }

    /// Takes an event of a cache or a batch.
    private mutating func take(_ row: ScannedRow, _ subject: Rollup.Subject, _ aspect: Aspect) {
        guard needs.contains(.details), let kind = row.kind else { return }
        locate(row)
        let detail = DetailFacts(row.detail)
        place.aspects[aspect.rawValue] = fields[aspect].number(of: detail.names(of: kind))
        fact = detail.fact(of: kind, usage: fact)
        if kind == .cacheHit || kind == .batchCompleted {
            saver = Saver(id: row.id, place: place, what: .fact(fact, subject))
        } else {
            add(subject)
        }
    }

    private mutating func take(saving row: ScannedRow) {
        if let id = saver?.id, row.causeID == id { saver?.take(saved: row.prompt?.saved) }
        finishSaver()
    }

    private mutating func finishSaver() {
        guard let finished = saver else { return }
        saver = nil
        // The row that ends it has told its usage already.
        let told = fact
        defer { fact = told }
        place = finished.place
        switch finished.what {
        case .prompt(let counts): add(prompt: counts)
        case .fact(let counted, let subject):
            fact = counted
            add(subject)
        }
    }

    private mutating func add(prompt counts: PromptCounts) {
        fact = PromptSavings.fact(of: counts)
        add(.prompts)
        for part in PromptSavings.parts(of: counts) {
            place.aspects[Aspect.stage.rawValue] = fields[.stage].number(of: part.block)
            fact = part.fact
            add(.promptStages)
        }
    }

    // MARK: - Folding

    @inline(__always)
    private mutating func add(_ subject: Rollup.Subject) {
        for index in folds.indices where folds[index].rollup.subject == subject {
            folds[index].take(fact, at: place, of: fields)
        }
    }
}

/// An event whose saving may stand right behind it.
private struct Saver {
    enum What {
        case prompt(PromptCounts)
        case fact(Fact, Rollup.Subject)
    }

    let id: EventID
    let place: FactPlace
    private(set) var what: What

    init(id: EventID, place: FactPlace, what: What) {
        self.id = id
        self.place = place
        self.what = what
    }

    /// - Parameter saved: nil if the saving has no price.
    mutating func take(saved: Int64?) {
        switch what {
        case .prompt(var counts):
            counts.saved = saved
            what = .prompt(counts)
        case .fact(var fact, let subject):
            fact[.saved] = saved
            fact[.unpricedSavings] = saved == nil ? 1 : nil
            what = .fact(fact, subject)
        }
    }
}

/// What is known of an event that others name.
struct KnownEvent: Sendable {
    var id = EventID(high: 0, low: 0)
    var isFailed = false
    var inputTokens: Int64?
    var outputTokens: Int64?
    /// Why a charge has no price.
    var unpriced: String?
    /// The number of status and error type.
    var failure: Int32 = 0
    /// The number of the route.
    var route: Int32 = 0
}

/// A charge that waits for what is known of the events that it names.
struct PendingCharge {
    let place: FactPlace
    let amount: Int64?
    let causeID: EventID?
    var previousID: EventID?
    /// The number of the reason why it has no price.
    let reason: Int32?
}

/// What a scan leaves to the read models that are folded by hand.
package struct ScanFindings: Sendable {
    package internal(set) var events: Int64 = 0
    /// Requests and observations whose labels may name an experiment.
    package internal(set) var labelled: [EventID] = []
    package internal(set) var adjustments: [EventID] = []
    /// Where the sessions stand, by the version of the read model that follows them.
    var threads: [Int32: SessionThreads] = [:]
}

extension PageFields {
    fileprivate mutating func reason(_ text: UnsafeRawBufferPointer) -> Int32 {
        var block: [UInt8] = []
        block.appendField(raw: text)
        return self[.reason].number(of: block)
    }

    fileprivate mutating func reason(_ text: String) -> Int32 {
        Array(text.utf8).withUnsafeBytes { reason($0) }
    }

    fileprivate mutating func turn(_ kind: Turn.Class) -> Int32 {
        var block: [UInt8] = []
        Array(kind.rawValue.utf8).withUnsafeBytes { block.appendField(raw: $0) }
        return self[.turn].number(of: block)
    }

    fileprivate mutating func route(_ name: [UInt8]) -> Int32 {
        var block: [UInt8] = []
        name.withUnsafeBytes { block.appendField(raw: $0) }
        return self[.route].number(of: block)
    }

    fileprivate mutating func shape(_ code: Int16) -> Int32 {
        var block: [UInt8] = []
        withUnsafeBytes(of: code.bigEndian) { block.appendField(raw: $0) }
        return self[.shape].number(of: block)
    }
}
