import LedgerModel
import LedgerSQL
import Postgres

/// Gathers the turns of sessions as a scan finds them.
///
/// A provider's cache belongs to a model, and agents that share a session do not share a prompt: a
/// thread is a session, an agent and a model.
struct SessionScan {
    /// Session, agent and model of each thread.
    private(set) var threads = FieldBlocks()
    private var turns: [Turn] = []
    private var sessions = FieldBlocks()
    private var keys = FieldBlocks()
    private var threadOfPair = KeyMap<Int32>()
    private var routeOfPair = KeyMap<Int64>()

    /// Whether the row is a turn of a session.
    mutating func take(
        _ row: ScannedRow, _ fact: borrowing Fact, at place: FactPlace,
        _ fields: borrowing PageFields
    ) -> Bool {
        guard let input = fact[.usage(.inputTokens)], input > 0, row.session.count >= 4,
            row.session.loadUnaligned(as: Int32.self).bigEndian >= 0
        else { return false }
        let (session, key) = (sessions.number(of: row.session), keys.number(of: row.apiKey))
        turns.append(
            Turn(
                thread: thread(session, place.base, fields), position: row.position, place: place,
                route: route(key, place.base, fields), input: input,
                read: fact[.usage(.cacheReadInputTokens)],
                write: fact[.usage(.cacheWriteInputTokens)],
                writeHour: fact[.usage(.cacheWriteOneHourInputTokens)]))
        return true
    }

    mutating func takeTurns() -> [Turn] {
        var taken: [Turn] = []
        swap(&taken, &turns)
        return taken
    }

    private mutating func thread(
        _ session: Int32, _ base: Int32, _ fields: borrowing PageFields
    ) -> Int32 {
        let pair = Self.pair(session, base)
        if let known = threadOfPair[pair] { return known }
        var block: [UInt8] = []
        sessions.withFields(of: session) { for field in $0 { block.appendField(raw: field) } }
        Self.append(base, [.model], fields, to: &block)
        let number = threads.number(of: block)
        threadOfPair[pair] = number
        return number
    }

    /// The same number for the same way to the model, in every process.
    private mutating func route(
        _ key: Int32, _ base: Int32, _ fields: borrowing PageFields
    ) -> Int64 {
        let pair = Self.pair(key, base)
        if let known = routeOfPair[pair] { return known }
        var block: [UInt8] = []
        keys.withFields(of: key) { for field in $0 { block.appendField(raw: field) } }
        Self.append(base, [.provider, .serviceTier, .region], fields, to: &block)
        let route = Int64(bitPattern: Digest(hashing: block).words[0])
        routeOfPair[pair] = route
        return route
    }

    private static func pair(_ high: Int32, _ low: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: high)) << 32 | UInt64(UInt32(bitPattern: low))
    }

    private static func append(
        _ base: Int32, _ dimensions: [Dimension], _ fields: borrowing PageFields,
        to block: inout [UInt8]
    ) {
        fields.base.withFields(of: base) { found in
            for (dimension, field) in zip(Dimension.base, found)
            where dimensions.contains(dimension) {
                block.appendField(raw: field)
            }
        }
    }
}

/// A value for each key, in the order in which they came.
private struct KeyMap<Value> {
    private var index = KeyIndex()
    private var values: [Value] = []
    private var last: (key: UInt64, value: Value)?

    subscript(key: UInt64) -> Value? {
        mutating get {
            if let last, last.key == key { return last.value }
            let count = index.count
            let number = index.number(of: key)
            guard number < count else { return nil }
            last = (key, values[number])
            return values[number]
        }
        set {
            guard let newValue else { return }
            let number = index.number(of: key)
            if number == values.count {
                values.append(newValue)
            } else {
                values[number] = newValue
            }
        }
    }
}
