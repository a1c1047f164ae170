import Estimating
import LedgerModel

/// What the detail of cache and batch events tells read models; see docs/events.md.
///
/// A value that is not what its key means, such as a size in words, tells nothing.
struct DetailFacts {
    private var texts: [Text: [UInt8]] = [:]
    private var counts: [Count: Int64] = [:]

    private enum Text: String {
        case tier, match, reason, by, form
    }

    private enum Count: String {
        case bytes, count, unused, size, duplicates, succeeded, failed, expired, retries
        case storing = "write_pico"
        case wait = "wait_ms"
        case deadlineMisses = "deadline_misses"
    }

    init(_ json: UnsafeRawBufferPointer?) {
        guard let json else { return }
        var (texts, counts) = (texts, counts)
        LabelFacts.read(json) { key, value in
            let key = String(decoding: key, as: UTF8.self)
            if let text = Text(rawValue: key) {
                texts[text] = Array(value)
            } else if let count = Count(rawValue: key) {
                counts[count] = Labels.count(value)
            }
        }
        (self.texts, self.counts) = (texts, counts)
    }

    /// The fields that name the cell of an event, in the order of its aspect's columns.
    func names(of kind: EventKind) -> [UInt8] {
        var block: [UInt8] = []
        func append(_ text: [UInt8]?) {
            guard let text else { return block.appendField(raw: nil) }
            text.withUnsafeBytes { block.appendField(raw: $0) }
        }
        if kind == .batchFormed || kind == .batchCompleted {
            append(texts[.form])
        } else {
            append(texts[.tier])
            append(kind == .cacheHit ? texts[.match] ?? Array("exact".utf8) : nil)
            // Why somebody invalidated is his own sentence.
            append(texts[kind == .cacheInvalidated ? .by : .reason])
        }
        return block
    }

    /// - Parameter usage: what the columns of usage told.
    func fact(of kind: EventKind, usage: Fact) -> Fact {
        var fact = Fact()
        switch kind {
        case .cacheHit:
            fact[.hits] = 1
            fact[.bytesServed] = counts[.bytes]
            fact.takeTokens(of: usage)
            // Until its saving comes by.
            if !usage.isEmpty { fact[.unpricedSavings] = 1 }
        case .cacheMiss: fact[.misses] = 1
        case .cacheStored:
            fact[.storedAnswers] = 1
            fact[.bytesStored] = counts[.bytes]
            fact[.storingCost] = counts[.storing]
        case .cacheEvicted:
            fact[.evicted] = counts[.count] ?? 1
            fact[.unusedEvicted] = counts[.unused]
            fact[.bytesEvicted] = counts[.bytes]
        case .cacheInvalidated: fact[.invalidated] = counts[.count] ?? 1
        case .batchFormed:
            fact[.batches] = 1
            fact[.batchedRequests] = counts[.size]
            if counts[.size] == 1 { fact[.loneBatches] = 1 }
            fact[.duplicates] = counts[.duplicates]
            fact[.waited] = counts[.wait]
            fact[.wait] = counts[.wait].map { Int64(LengthHistogram.bucket(of: $0)) }
        case .batchCompleted:
            fact[.completedBatches] = 1
            fact[.succeeded] = counts[.succeeded]
            fact[.failed] = counts[.failed]
            fact[.expired] = counts[.expired]
            fact[.retries] = counts[.retries]
            fact[.deadlineMisses] = counts[.deadlineMisses]
            fact.takeTokens(of: usage)
        default: break
        }
        return fact
    }
}

extension Fact {
    fileprivate mutating func takeTokens(of usage: Fact) {
        for unit in [UsageUnit.inputTokens, .outputTokens] {
            self[.usage(unit)] = usage[.usage(unit)]
        }
    }
}
