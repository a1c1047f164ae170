package import LedgerModel
import Postgres

/// The columns of `events` that a read asks for; only these are sent.
package struct EventColumns: Sendable {
    /// What the ledger adds to an event.
    package enum Place: String, Sendable {
        case ledger = "ledger_id"
        case position
        case recordedAt = "recorded_at"
        case leafPrefix = "leaf_prefix"
    }

    let places: [Place]
    let fields: [Field]
    let names: [String]
    /// The names with commas between them.
    let text: String

    /// - Parameter fields: each once, in any order.
    package init(_ fields: [Field], with places: [Place] = []) {
        self.places = places
        self.fields = fields
        names = places.map(\.rawValue) + fields.map(\.column)
        text = names.joined(separator: ", ")
    }

    /// A whole row, in COPY's order.
    package static let whole = EventColumns(
        Field.all, with: [.ledger, .position, .recordedAt, .leafPrefix])

    /// The fields that price a request.
    package static let pricing: [Field] =
        [.provider, .model, .serviceTier, .region] + UsageUnit.allCases.map(\.field)

    /// The column types that the schema must have.
    var types: [OID] {
        places.map { $0 == .recordedAt ? OID.timestamptz : .int8 } + fields.map(\.type)
    }
}

extension Field {
    /// The PostgreSQL type of the column.
    fileprivate var type: OID {
        switch self {
        case .id, .causeID, .bookID, .previousID: .uuid
        case .kind: .int2
        case .occurredAt: .timestamptz
        case .status, .quality: .int4
        case .contentHash, .requestHash: .bytea
        case .source, .externalID, .app, .team, .project, .environment, .feature, .user,
            .session, .provider, .model, .operation, .serviceTier, .region, .errorType, .labels,
            .unpriced, .detail, .stages, .lossyStages, .traceID, .spanID, .parentSpanID, .scope,
            .responseID, .agent, .parentAgent, .attempt, .apiKey:
            .text
        default: .int8
        }
    }
}

extension EventRow {
    /// Reads a row of these columns from the bytes that COPY lends.
    mutating func read(
        _ columns: EventColumns, isMarked: Bool, from message: UnsafeRawBufferPointer
    ) throws(PostgresError) {
        // The count of fields, then each field after its length.
        var offset = 2
        if isMarked {
            guard offset + 5 <= message.count else { throw Self.unreadable }
            isAsked = message[offset + 4] == 1
            offset += 5
        }
        func word() throws(PostgresError) -> Int64 {
            guard offset + 12 <= message.count else { throw Self.unreadable }
            defer { offset += 12 }
            return Int64(
                bigEndian: message.loadUnaligned(fromByteOffset: offset + 4, as: Int64.self))
        }
        for place in columns.places {
            let word = try word()
            switch place {
            case .ledger: break
            case .position: position = word
            case .recordedAt: recordedAt = Timestamp(microseconds: word)
            case .leafPrefix: leafPrefix = word
            }
        }
        guard find(columns.fields, in: message, from: offset) else { throw Self.unreadable }
    }

    private static var unreadable: PostgresError {
        PostgresError(.decoding, "a row has other columns than were asked for")
    }
}
