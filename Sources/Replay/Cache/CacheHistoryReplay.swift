import Caching
package import Calendars
import EventStore
import LedgerModel
import Pricing
import Routing
import Synchronization

/// What a cache would have saved over history, before anybody installs one.
///
/// Requests that carry a `request_hash` are put to caches of several sizes in the order of their
/// times. Where a cache has run, its hits are requests as well, which cost what they saved.
package struct CacheHistoryReplay: PolicyReplay {
    package static let name = "cache"
    private let file: CachePolicyFile

    package init(policy: String, in zone: CalendarZone = .utc) throws {
        file = try CachePolicyFile.read(policy)
    }

    package func run(
        on history: ReplayedHistory,
        progress: @escaping @Sendable (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
    ) async throws -> CacheReplayReport {
        try history.check()
        let fold = Mutex(try CacheReplayFold(file, history))
        let end = try await CacheReplayFold.requests(of: file)
            .read(history, progress: progress) { row, cost in
                try fold.withLock { try $0.take(row, cost: cost) }
            }
        return fold.withLock { $0.report(at: end) }
    }
}

/// Puts history to caches of several sizes.
struct CacheReplayFold: Sendable {
    private let file: CachePolicyFile
    private let history: ReplayedHistory
    private var groups: PastGroups
    private var order = TimeOrder<CacheReplay.Request>()
    /// One for each of `sizes`; `whole` is that of the policy.
    private var replays: [CacheReplay]
    private var models = NameTable()
    private var seconds: [Int] = []
    private var labels = LabelTexts()
    /// Bytes of answers, as caches told; by request.
    private var bytes = RecentKeys<Int>()
    /// The neighbours that a shadow found; by request.
    private var neighbours = RecentKeys<CacheKey>()
    /// Requests by group: those that the policy covers, and those that have no hash.
    private var covered: [Int64] = []
    private var unhashed: [Int64] = []
    private var estimated: Int64 = 0
    private var read: Int64 = 0

    /// Parts of the policy's memory, in quarters.
    private static let quarters = [4, 1, 2, 8, 16]
    /// The keys of the caches that only choose a size.
    private static let keysMaxOther = 1 << 17

    /// What an answer is estimated to take whose bytes nobody told: its form, and its text.
    static let answerBytes = 600
    static let bytesPerToken: Int64 = 5
    static let embeddingBytes = 20_000

    static func requests(of file: CachePolicyFile) -> PastRequests {
        var fields: [Field] = [
            .requestHash, .team, .model, .operation, .inputTokens, .outputTokens, .detail,
        ]
        fields += file.selector.asked.map(\.field)
        if !file.selector.labels.isEmpty { fields.append(.labels) }
        return PastRequests(
            fields: fields, kinds: [.requestCompleted, .cacheHit, .cacheMiss, .cacheStored])
    }

    init(_ file: CachePolicyFile, _ history: ReplayedHistory) throws {
        self.file = file
        self.history = history
        groups = PastGroups(history)
        replays = []
        for part in Self.quarters {
            let capacity = max(ResponseCache.capacityMin, file.memory / 4 * part)
            replays.append(
                try CacheReplay(
                    capacity: capacity, policy: file.policy, secondsToLive: file.secondsToLive,
                    keysMax: part == 4 ? CacheReplay.keysMaxStandard : Self.keysMaxOther))
        }
    }

    mutating func take(_ row: EventRow, cost: PicodollarSum?) throws {
        read += 1
        switch row.kind {
        case .cacheStored?: note(stored: row)
        case .cacheMiss?: note(missed: row)
        case .cacheHit?:
            note(stored: row)
            try take(request: row, cost: cost)
        default: try take(request: row, cost: cost)
        }
    }

    private func key(of row: EventRow) -> CacheKey? {
        guard let bytes = row.text(.requestHash), bytes.count == 32 else { return nil }
        func word(_ index: Int) -> UInt64 {
            UInt64(
                bigEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
        }
        // Only bits that decide nothing but equality are touched, so that what is asked for by one
        // team only is treated as in the live cache.
        let team = file.scope == .team ? row.text(.team).map(Self.digest) ?? 0 : 0
        return CacheKey(word(0), word(1), word(2), word(3) ^ team << 32)
    }

    /// FNV-1a of a name.
    private static func digest(_ text: UnsafeRawBufferPointer) -> UInt64 {
        text.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    private mutating func note(stored row: EventRow) {
        guard let key = key(of: row), let text = row.text(.detail)?.string,
            let count = Labels(canonicalJSON: text)?["bytes"].flatMap({ Int($0.string) })
        else { return }
        bytes[key] = count
    }

    private mutating func note(missed row: EventRow) {
        guard let wanted = file.nearScore, let key = key(of: row),
            let text = row.text(.detail)?.string, let detail = Labels(canonicalJSON: text),
            let score = detail["near_score"].flatMap({ Double($0.string) }), score >= wanted,
            let hash = detail["near_hash"].flatMap({ Digest(hexadecimal: $0.string) })
        else { return }
        // A neighbour is of the same partition.
        let team = file.scope == .team ? row.text(.team).map(Self.digest) ?? 0 : 0
        neighbours[key] = CacheKey(
            hash.words[0], hash.words[1], hash.words[2], hash.words[3] ^ team << 32)
    }

    private mutating func take(request row: EventRow, cost: PicodollarSum?) throws {
        guard covers(row) else { return }
        let group = try groups.number(of: row)
        while covered.count <= group {
            covered.append(0)
            unhashed.append(0)
        }
        covered[group] += 1
        guard let key = key(of: row) else {
            unhashed[group] += 1
            return
        }
        let output = row.int64(.outputTokens) ?? 0
        var request = CacheReplay.Request(
            time: row.occurredAt, key: key, bytes: estimatedBytes(row, output),
            cost: cost.flatMap { Int64(exactly: $0.amount) }.map { Picodollars($0) })
        request.secondsToLive = secondsToLive(of: row)
        request.group = group
        request.tokens = (row.int64(.inputTokens) ?? 0) + output
        request.near = neighbours.take(key)
        if let next = order.add(request, at: request.time) { play(next) }
    }

    private mutating func covers(_ row: EventRow) -> Bool {
        if file.selector.isEmpty { return true }
        return labels.covers(file.selector, row)
    }

    private func estimatedBytes(_ row: EventRow, _ output: Int64) -> Int {
        let isEmbedding = row.text(.operation)?.elementsEqual("embeddings".utf8) ?? false
        if isEmbedding { return Self.embeddingBytes }
        return Self.answerBytes + Int(min(output, 1 << 40) * Self.bytesPerToken)
    }

    private mutating func secondsToLive(of row: EventRow) -> Int {
        if models.count >= NameTable.namesMax {
            models.removeAll()
            seconds = []
        }
        let number = models.number(of: row.text(.model))
        guard number != NameTable.null else { return file.secondsToLive }
        if number == seconds.count {
            seconds.append(file.seconds(for: models.name(number)?.string ?? ""))
        }
        return seconds[number]
    }

    private mutating func play(_ asked: CacheReplay.Request) {
        var request = asked
        if let known = bytes[asked.key] {
            request = request.of(bytes: known)
        } else {
            estimated += 1
        }
        for index in replays.indices { replays[index].take(request) }
    }

    mutating func report(at position: Int64) -> CacheReplayReport {
        while let request = order.next() { play(request) }
        let whole = replays[0]
        let rows = (0..<groups.count).map { number in
            CacheReplayReport.Row(
                values: groups.values(of: number), requests: covered[number],
                withoutHash: unhashed[number],
                sums: whole.groups.indices.contains(number) ? whole.groups[number] : .init())
        }
        let sizes = zip(Self.quarters, replays).sorted { $0.0 < $1.0 }.map { part, replay in
            CacheReplayReport.Size(
                memory: max(ResponseCache.capacityMin, file.memory / 4 * part),
                isAsked: part == 4, sums: replay.sums, weight: replay.weight)
        }
        return CacheReplayReport(
            file: file, history: history, position: position, events: read,
            total: CacheReplayReport.Row(
                values: [], requests: covered.reduce(0, +), withoutHash: unhashed.reduce(0, +),
                sums: whole.sums),
            rows: rows.sorted {
                ($1.sums.avoided, $0.text) < ($0.sums.avoided, $1.text)
            }, sizes: sizes, estimatedBytes: estimated, late: order.late)
    }
}

extension CacheReplay.Request {
    fileprivate func of(bytes: Int) -> CacheReplay.Request {
        var request = CacheReplay.Request(time: time, key: key, bytes: bytes, cost: cost)
        request.secondsToLive = secondsToLive
        request.group = group
        request.tokens = tokens
        request.near = near
        return request
    }
}

/// What is known of the keys that were told of last; older ones are forgotten.
struct RecentKeys<Value: Sendable>: Sendable {
    private var young: [CacheKey: Value] = [:]
    private var old: [CacheKey: Value] = [:]

    /// Keys of each half; there are two.
    static var countMax: Int { 131_072 }

    subscript(key: CacheKey) -> Value? {
        get { young[key] ?? old[key] }
        set {
            if young.count >= Self.countMax {
                old = young
                young = [:]
            }
            young[key] = newValue
        }
    }

    mutating func take(_ key: CacheKey) -> Value? {
        young.removeValue(forKey: key) ?? old.removeValue(forKey: key)
    }
}

/// Whether rows have what a selector asks for; labels are read once for a run of equal ones.
struct LabelTexts: Sendable {
    private var last: (text: String, labels: Labels?)?

    mutating func labels(of row: EventRow) -> Labels? {
        guard let text = row.text(.labels)?.string else { return nil }
        if last?.text != text { last = (text, Labels(canonicalJSON: text)) }
        return last?.labels
    }

    mutating func covers(_ selector: RequestSelector, _ row: EventRow) -> Bool {
        let labels = selector.labels.isEmpty ? nil : labels(of: row)
        return selector.covers(
            { row.text($0.field).map { Name($0.string) } }, label: { labels?[$0] })
    }
}

extension UnsafeRawBufferPointer {
    var string: String { String(decoding: self, as: UTF8.self) }
}
