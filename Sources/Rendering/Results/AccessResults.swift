package import Access
package import LedgerModel

/// An API key without its text.
package struct ShownKey: ListedObject {
    let key: KeyDirectory.Entry
    let ledger: String

    /// - Parameter ledger: the name of the key's ledger.
    package init(_ key: KeyDirectory.Entry, of ledger: String) {
        self.key = key
        self.ledger = ledger
    }

    /// Every key of a database.
    package static func list(
        _ keys: KeyDirectory, of ledgers: LedgerDirectory
    ) async throws -> [ShownKey] {
        let names = Dictionary(
            try await ledgers.list().map { ($0.id, $0.name) }, uniquingKeysWith: { $1 })
        return try await keys.list().map { ShownKey($0, of: names[$0.ledger] ?? "\($0.ledger)") }
    }

    package static let listName = "keys"

    package static let shape = Shape<ShownKey> {
        Member("id", \.key.id, .column)
        Member("name", \.key.name, .column)
        Member("ledger", \.ledger, .column)
        Member("ledger_id", \.key.ledger.number)
        Member("scopes", { $0.key.scopes.map(\.rawValue).sorted() }, .column)
        Member("created_at", \.key.createdAt, .heading("created"))
        Member("revoked_at", \.key.revokedAt, .heading("revoked"))
    }
}

/// A new key: the only time that its text is shown.
package struct CreatedKey: RenderableObject, Reportable {
    let id: EventID
    let key: String

    package init(_ id: EventID, _ key: String) {
        self.id = id
        self.key = key
    }

    package static let shape = Shape<CreatedKey> {
        Member("id", \.id)
        Member("key", \.key)
    }

    package var report: Report { Report(.text(key)) }
}

extension LedgerDirectory.Entry: ListedObject {
    package static let listName = "ledgers"

    package static let shape = Shape<LedgerDirectory.Entry> {
        Member("name", \.name, .column)
        Member("ledger_id", \.id.number)
        Member(heading: "events", \.head.position)
        Member(heading: "blocks", \.head.block)
        Member(heading: "head", \.head.hash)
        Member("created_at", \.createdAt, .heading("created"))
        Member("head", \.head)
    }
}

/// A ledger that was created, or already existed.
package struct CreatedLedger: RenderableObject, Reportable {
    let name: String
    let id: LedgerID?
    let isNew: Bool

    package init(_ name: String, _ id: LedgerID?, isNew: Bool) {
        self.name = name
        self.id = id
        self.isNew = isNew
    }

    package static let shape = Shape<CreatedLedger> {
        Member("name", \.name)
        Member("ledger_id", \.id?.number)
        Member("created", \.isNew)
    }

    package var report: Report {
        Report(.text(isNew ? "created ledger \(name)" : "ledger \(name) already exists"))
    }
}
