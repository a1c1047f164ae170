/// The statements that one connection has prepared, so each is parsed and planned once.
///
/// A name is a hash of text and parameter types: the same statement has the same name on every
/// connection, which makes `pg_prepared_statements` readable.
struct PreparedStatements {
    private struct Entry {
        let name: String
        let types: [OID]
    }

    /// False behind a pooler that doesn't follow prepared statements.
    var isEnabled = true
    private var entries: [ObjectIdentifier: Entry] = [:]
    private var onServer: Set<String> = []
    /// Part of the hash, so that a forgotten statement gets a new name.
    private var generation: UInt64 = 0

    mutating func name<S: Statement>(for _: S.Type, _ parameters: Parameters) -> String {
        if let entry = entries[ObjectIdentifier(S.self)], parameters.haveTypes(entry.types) {
            return entry.name
        }
        let types = parameters.types
        let name = Self.hash(S.sql, types, generation)
        entries[ObjectIdentifier(S.self)] = Entry(name: name, types: types)
        return name
    }

    func isOnServer(_ name: String) -> Bool { onServer.contains(name) }

    mutating func added(_ name: String) {
        onServer.insert(name)
    }

    /// Whether the error means that names don't work here as assumed.
    ///
    /// If so, adapts, and the statement may be retried.
    mutating func adapt(to error: PostgresError) -> Bool {
        switch error.sqlState {
        case SQLState.invalidStatementName, SQLState.duplicateStatementName:
            isEnabled = false
        case SQLState.protocolViolation where error.message.contains("prepared statement"):
            isEnabled = false
        case SQLState.featureNotSupported where error.message.contains("cached plan"):
            // A table changed under the statement: prepare it again.
            generation += 1
        default:
            return false
        }
        entries = [:]
        onServer = []
        return true
    }

    /// FNV-1a, 64 bits; fourteen digits and a letter fit into a Swift String without a heap object.
    ///
    /// A collision becomes likely only at 2^28 statements.
    private static func hash(_ sql: String, _ types: [OID], _ generation: UInt64) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func mix(_ byte: UInt8) {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        sql.utf8.forEach(mix)
        for value in types.map({ UInt64($0.rawValue) }) + [generation] {
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                mix(UInt8(truncatingIfNeeded: value >> shift))
            }
        }
        let digits = String(hash & 0x00FF_FFFF_FFFF_FFFF, radix: 16)
        return "s" + String(repeating: "0", count: 14 - digits.utf8.count) + digits
    }
}

extension Parameters {
    func haveTypes(_ types: [OID]) -> Bool {
        slots.count == types.count && zip(slots, types).allSatisfy { $0.type == $1 }
    }
}

/// Names a statement in an error; makes the text only on demand.
enum StatementLabel {
    case none
    case type(any Statement.Type)
    case sql(String)

    var text: String? {
        switch self {
        case .none: nil
        case .type(let type): String(describing: type)
        case .sql(let sql): String(sql.prefix(200))
        }
    }
}
