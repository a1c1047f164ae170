import FoundationEssentials
import LedgerModel
import Pricing
import Synchronization

/// What was folded of a history, and which ranges of it.
///
/// Sums are commutative, so it does not matter who folded which range, in which order, before or
/// after a crash.
struct ReplaySums: Sendable {
    /// The last position of the history.
    var position: Int64
    /// The grid that the ranges lie on; another one counts other ranges.
    var pageRows: Int64
    /// The numbers of the ranges.
    var pages: Set<Int64> = []
    var eventsRead: Int64 = 0
    /// By the values that name a group.
    var groups: [[Name?]: ReplayReport.Sums] = [:]
    var check = RecordedCheck()
    var facts = ReplayReport.Facts()
    /// What was taken from allowances in these ranges, which then are the first ones.
    var used: [AllowanceMeter.Pool: Int64] = [:]

    init(position: Int64, pageRows: Int64) {
        self.position = position
        self.pageRows = pageRows
    }

    mutating func add(_ values: [[Name?]], _ state: ReplayFold.State, pages: [Int64]) {
        self.pages.formUnion(pages)
        eventsRead += state.eventsRead
        check.add(state.check)
        facts += state.facts
        for (reason, count) in state.reasons.byKey {
            facts.unpriced.add(Name(reason.description), count)
        }
        facts.unpriced.add(others: state.reasons.others)
        for (values, part) in zip(values, state.sums) where part != ReplayReport.Sums() {
            groups[values, default: ReplayReport.Sums()] += part
        }
    }
}

/// Where the workers put what they have folded.
final class Gathered: Sendable {
    private let state: Mutex<ReplaySums>

    init(_ sums: ReplaySums) {
        state = Mutex(sums)
    }

    var sums: ReplaySums { state.withLock { $0 } }

    func add(
        _ values: [[Name?]], _ state: ReplayFold.State, pages: [Int64],
        used: [AllowanceMeter.Pool: Int64]
    ) {
        self.state.withLock { sums in
            sums.add(values, state, pages: pages)
            sums.used = used
        }
    }
}

// MARK: - As text

extension ReplaySums {
    /// Everything as JSON; amounts are texts, because JSON's numbers are not exact everywhere.
    var checkpoint: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        guard let data = try? encoder.encode(Stored(self)) else {
            preconditionFailure("texts and whole numbers can always be written as JSON")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// Nil for a text that another version of the program wrote: then the replay begins anew.
    init?(checkpoint: String) {
        guard let stored = try? JSONDecoder().decode(Stored.self, from: Data(checkpoint.utf8)),
            stored.version == Stored.current
        else { return nil }
        self.init(position: stored.position, pageRows: stored.pageRows)
        pages = Set(stored.pages)
        eventsRead = stored.eventsRead
        for group in stored.groups {
            guard let sums = group.sums else { return nil }
            groups[group.values.map { $0.map { Name($0) } }] = sums
        }
        check = stored.check.check
        for model in stored.models {
            facts.models.add(
                ReplayReport.ModelName(
                    provider: model.provider.map { Name($0) }, model: Name(model.model)),
                model.requests)
        }
        facts.models.add(others: stored.otherModels)
        for reason in stored.unpriced { facts.unpriced.add(Name(reason.text), reason.requests) }
        facts.unpriced.add(others: stored.otherUnpriced)
        guard let unattached = Int128(stored.unattached) else { return nil }
        facts.unattached = PicodollarSum(unattached)
        facts.unattachedCharges = stored.unattachedCharges
        guard let free = Int128(stored.free) else { return nil }
        facts.free = PicodollarSum(free)
        used = AllowanceMeter.used(stored.used)
    }
}

private struct Stored: Codable {
    static let current = 2
    var version = current
    let position: Int64
    let pageRows: Int64
    let pages: [Int64]
    let eventsRead: Int64
    let groups: [Group]
    let check: Check
    let models: [Model]
    let otherModels: Int64
    let unpriced: [Reason]
    let otherUnpriced: Int64
    let unattached: String
    let unattachedCharges: Int64
    let free: String
    let used: [AllowanceMeter.Taken]

    init(_ sums: ReplaySums) {
        position = sums.position
        pageRows = sums.pageRows
        pages = sums.pages.sorted()
        eventsRead = sums.eventsRead
        groups = sums.groups.map { Group(values: $0.key.map { $0?.string }, $0.value) }
        check = Check(sums.check)
        models = sums.facts.models.byKey.map {
            Model(provider: $0.key.provider?.string, model: $0.key.model.string, requests: $0.value)
        }
        otherModels = sums.facts.models.others
        unpriced = sums.facts.unpriced.byKey.map { Reason(text: $0.key.string, requests: $0.value) }
        otherUnpriced = sums.facts.unpriced.others
        unattached = String(sums.facts.unattached.amount)
        unattachedCharges = sums.facts.unattachedCharges
        free = String(sums.facts.free.amount)
        used = AllowanceMeter.taken(sums.used)
    }

    struct Group: Codable {
        let values: [String?]
        let requests: Int64
        let recorded: String
        let replayed: String
        let unpricedBefore: Int64
        let unpricedAfter: Int64

        init(values: [String?], _ sums: ReplayReport.Sums) {
            self.values = values
            requests = sums.requests
            recorded = String(sums.recorded.amount)
            replayed = String(sums.replayed.amount)
            unpricedBefore = sums.unpricedBefore
            unpricedAfter = sums.unpricedAfter
        }

        var sums: ReplayReport.Sums? {
            guard let recorded = Int128(recorded), let replayed = Int128(replayed) else {
                return nil
            }
            var sums = ReplayReport.Sums()
            sums.requests = requests
            sums.recorded = PicodollarSum(recorded)
            sums.replayed = PicodollarSum(replayed)
            sums.unpricedBefore = unpricedBefore
            sums.unpricedAfter = unpricedAfter
            return sums
        }
    }

    struct Model: Codable {
        let provider: String?
        let model: String
        let requests: Int64
    }

    struct Reason: Codable {
        let text: String
        let requests: Int64
    }

    struct Check: Codable {
        let charges: Int64
        let adjustments: Int64
        let uncharged: Int64
        let problemCount: Int64
        let problems: [Problem]

        init(_ check: RecordedCheck) {
            charges = check.charges
            adjustments = check.adjustments
            uncharged = check.uncharged
            problemCount = check.problemCount
            problems = check.problems.map {
                Problem(position: $0.position, charge: $0.charge.description, what: $0.what)
            }
        }

        var check: RecordedCheck {
            var check = RecordedCheck()
            check.charges = charges
            check.adjustments = adjustments
            check.uncharged = uncharged
            for problem in problems {
                guard let charge = EventID(problem.charge) else { continue }
                check.add(
                    RecordedCheck.Problem(
                        position: problem.position, charge: charge, what: problem.what))
            }
            check.problemCount = problemCount
            return check
        }
    }

    struct Problem: Codable {
        let position: Int64
        let charge: String
        let what: String
    }
}
