package import LedgerModel

extension RandomEvents {
    /// What a cache or a batcher reports, with its saving if it has one.
    ///
    /// Some facts are missing, and some are not what their keys mean.
    package mutating func cacheOrBatch() -> (event: Event, charge: Event?) {
        let kinds: [EventKind] = [
            .cacheHit, .cacheMiss, .cacheStored, .cacheEvicted, .cacheInvalidated, .batchFormed,
            .batchCompleted,
        ]
        var event = request()
        event.kind = kinds.randomElement(using: &random) ?? .cacheHit
        event.requestHash = Digest(hashing: [UInt8(random.next() % 16)])
        (event.status, event.errorType, event.origin) = (nil, nil, CallOrigin())
        if chance(0.2) { event.usage = Usage() }
        event.detail = detail(of: event.kind)
        guard event.kind == .cacheHit || event.kind == .batchCompleted, !event.usage.isEmpty,
            chance(0.8)
        else { return (event, nil) }
        var saving = Event(
            id: .charge(for: event.id, after: nil), kind: .savingRated,
            occurredAt: event.occurredAt)
        saving.causeID = event.id
        saving.dimensions = event.dimensions
        if chance(0.7) {
            saving.saved = Picodollars(Int64.random(in: -1_000...1_000_000, using: &random))
        } else {
            saving.detail = try? Labels([("unpriced", "unknown model")])
        }
        return (event, saving)
    }

    private mutating func detail(of kind: EventKind) -> Labels? {
        var pairs: [(key: Name, value: Name)] = []
        func add(_ key: Name, _ value: Name) {
            if chance(0.7) { pairs.append((key, value)) }
        }
        if kind == .batchFormed || kind == .batchCompleted {
            add("form", name("form", of: 2))
            for key in [
                "size", "duplicates", "wait_ms", "succeeded", "failed", "expired", "retries",
                "deadline_misses",
            ] { add(Name(key), number()) }
        } else {
            add("tier", name("tier", of: 3))
            add("match", name("match", of: 2))
            add("reason", name("reason", of: 3))
            add("by", name("by", of: 2))
            for key in ["bytes", "count", "unused"] { add(Name(key), number()) }
            if kind == .cacheStored { add("write_pico", Name("\(random.next() % 99)")) }
        }
        add("note", text())
        return pairs.isEmpty ? nil : try? Labels(pairs)
    }

    /// Mostly a whole number.
    private mutating func number() -> Name {
        if chance(0.1) {
            return ["", "-3", "1.5", "many", "9999999999999999"].randomElement(using: &random)
                ?? ""
        }
        if chance(0.1) { return "999999999999999" }
        return Name("\(Int64.random(in: 0...4, using: &random) * 700)")
    }
}
