package import Caching
package import LedgerModel

/// Writes the facts of an answer: fixed fields, then texts, each after its length in two bytes.
package struct RecordWriter {
    private(set) var bytes: [UInt8] = []

    package mutating func write(_ answer: StoredAnswer, at address: CacheAddress) {
        bytes += address.key.digest.bytes
        bytes += address.check.bytes
        bytes.appendLittleEndian(address.ledger.number)
        for time in [answer.storedAt, answer.freshUntil, answer.usableUntil] {
            bytes.appendLittleEndian(time.microseconds)
        }
        bytes.appendLittleEndian(answer.sequence)
        write(answer.partition.scope)
        text(answer.contentType)
        optional(answer.provider?.string)
        optional(answer.model?.string)
        optional(answer.template?.string)
        list(answer.tags)
        list(answer.dependencies)
        bytes.append(answer.causeID == nil ? 0 : 1)
        if let id = answer.causeID {
            bytes.appendLittleEndian(id.high)
            bytes.appendLittleEndian(id.low)
        }
        bytes.append(answer.cost == nil ? 0 : 1)
        if let cost = answer.cost { bytes.appendLittleEndian(cost.amount) }
        let units = answer.usage.units
        bytes.append(UInt8(units.count))
        for unit in units {
            bytes.append(unit.rawValue)
            bytes.appendLittleEndian(answer.usage.value(unit))
        }
    }

    private mutating func write(_ scope: CachePartition.Scope) {
        switch scope {
        case .ledger: bytes.append(0)
        case .team(nil): bytes.append(1)
        case .team(let team?):
            bytes.append(2)
            text(team.string)
        }
    }

    private mutating func text(_ text: String) {
        bytes.appendLittleEndian(UInt16(text.utf8.count))
        bytes += text.utf8
    }

    private mutating func optional(_ text: String?) {
        bytes.append(text == nil ? 0 : 1)
        if let text { self.text(text) }
    }

    private mutating func list(_ names: [Name]) {
        bytes.append(UInt8(names.count))
        for name in names { text(name.string) }
    }
}

/// Reads what `RecordWriter` wrote, and refuses everything else.
package struct RecordReader {
    private var rest: ArraySlice<UInt8>

    package init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    private static let cut = RecordDamage(reason: "it is cut short")

    package mutating func answer() throws(RecordDamage) -> (StoredAnswer, CacheKey, Digest) {
        let key = CacheKey(try digest())
        let check = try digest()
        let ledger = LedgerID(try integer(Int64.self))
        let times = (try time(), try time(), try time())
        let sequence = try integer(Int64.self)
        let scope = try scope()
        var answer = StoredAnswer(
            body: [], contentType: try text(),
            partition: CachePartition(ledger: ledger, scope: scope), storedAt: times.0,
            freshUntil: times.1, usableUntil: times.2)
        answer.sequence = sequence
        answer.provider = try optional()
        answer.model = try optional()
        answer.template = try optional()
        answer.tags = try list()
        answer.dependencies = try list()
        if try flag() {
            answer.causeID = EventID(
                high: try integer(UInt64.self), low: try integer(UInt64.self))
        }
        if try flag() { answer.cost = Picodollars(try integer(Int64.self)) }
        for _ in 0..<(try integer(UInt8.self)) {
            guard let unit = UsageUnit(rawValue: try integer(UInt8.self)) else {
                throw RecordDamage(reason: "it has a unit that is not known")
            }
            answer.usage.set(unit, try integer(Int64.self))
        }
        guard rest.isEmpty else { throw RecordDamage(reason: "its facts have another length") }
        return (answer, key, check)
    }

    package mutating func integer<I: FixedWidthInteger>(_: I.Type) throws(RecordDamage) -> I {
        let size = MemoryLayout<I>.size
        guard rest.count >= size else { throw Self.cut }
        let value = rest.withUnsafeBytes { $0.loadUnaligned(as: I.self) }
        rest = rest.dropFirst(size)
        return I(littleEndian: value)
    }

    private mutating func digest() throws(RecordDamage) -> Digest {
        guard let digest = Digest(rest.prefix(32)) else { throw Self.cut }
        rest = rest.dropFirst(32)
        return digest
    }

    private mutating func time() throws(RecordDamage) -> Timestamp {
        Timestamp(microseconds: try integer(Int64.self))
    }

    private mutating func flag() throws(RecordDamage) -> Bool {
        switch try integer(UInt8.self) {
        case 0: return false
        case 1: return true
        default: throw RecordDamage(reason: "it has a mark that is not known")
        }
    }

    private mutating func text() throws(RecordDamage) -> String {
        let count = Int(try integer(UInt16.self))
        guard rest.count >= count else { throw Self.cut }
        guard let text = String(validating: rest.prefix(count), as: UTF8.self) else {
            throw RecordDamage(reason: "it has a text that is not UTF-8")
        }
        rest = rest.dropFirst(count)
        return text
    }

    private mutating func optional() throws(RecordDamage) -> Name? {
        try flag() ? Name(try text()) : nil
    }

    private mutating func list() throws(RecordDamage) -> [Name] {
        var names: [Name] = []
        for _ in 0..<(try integer(UInt8.self)) { names.append(Name(try text())) }
        return names
    }

    private mutating func scope() throws(RecordDamage) -> CachePartition.Scope {
        switch try integer(UInt8.self) {
        case 0: .ledger
        case 1: .team(nil)
        case 2: .team(Name(try text()))
        default: throw RecordDamage(reason: "it has a scope that is not known")
        }
    }
}

extension [UInt8] {
    package mutating func appendLittleEndian(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}
