package import Access
package import Audit
package import LedgerModel

/// An API key without its text.
package struct ShownKey: ListedObject {
    let key: KeyDirectory.Entry

    package init(_ key: KeyDirectory.Entry) {
        self.key = key
    }

    package static let listName = "keys"
    package static let layout = Table.Layout(
        expendable: ["revoked"],
        nothing:
            "there are no API keys: callers on loopback need none until tally keys create makes one"
    )

    package static let shape = Shape<ShownKey> {
        Member("id", \.key.id, .column)
        Member("name", \.key.name, .column)
        Member("ledger", \.key.ledgers.first?.name)
        Member("ledger_id", \.key.ledgers.first?.id.number)
        Member("ledgers", { $0.key.ledgers.map(\.name) }, .column)
        Member("scopes", { $0.key.scopes.map(\.rawValue).sorted() }, .column)
        Member("created_at", \.key.createdAt, .heading("created"))
        Member("revoked_at", \.key.revokedAt, .heading("revoked"))
        Member("promoted_at", \.key.promotedAt)
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

/// A login without its password.
package struct ShownAuditLogin: ListedObject {
    let login: AuditLoginDirectory.Entry
    /// nil for all ledgers.
    let ledger: String?

    /// Every login of a database.
    package static func list(
        _ logins: AuditLoginDirectory, of ledgers: LedgerDirectory
    ) async throws -> [ShownAuditLogin] {
        let names = try await ledgers.names()
        return try await logins.list().map { login in
            ShownAuditLogin(login: login, ledger: login.ledger.map { names[$0] ?? "\($0)" })
        }
    }

    package static let listName = "logins"
    package static let layout = Table.Layout(
        nothing: "there are no audit logins: tally audit-login create NAME makes one")

    package static let shape = Shape<ShownAuditLogin> {
        Member("name", \.login.name, .column)
        Member("role", \.login.role, .column)
        Member("ledger", \.ledger)
        Member(heading: "ledger", { $0.ledger ?? "all" })
        Member("created_at", \.login.createdAt, .heading("created"))
    }
}

/// A login with its password: the only time that it is shown.
package struct CreatedAuditLogin: RenderableObject, Reportable {
    let role: String
    let password: String
    let address: String?

    /// - Parameter address: host, port and database of the server in a URL; nil if it listens on a
    ///   private socket alone.
    package init(_ role: String, _ password: String, at address: String?) {
        self.role = role
        self.password = password
        self.address = address
    }

    package static let shape = Shape<CreatedAuditLogin> {
        Member("user", \.role)
        Member("password", \.password)
        Member("url", \.url)
    }

    private var url: String? { address.map { "postgresql://\(role):\(password)@\($0)" } }

    package var report: Report {
        Report(
            .text(
                url ?? """
                    user \(role), password \(password), database tally
                    PostgreSQL has no port yet: start tally serve with --postgres-port 5433
                    """))
    }
}

extension LedgerDirectory.Entry: ListedObject {
    package static let listName = "ledgers"
    package static let layout = Table.Layout(
        nothing: "there are no ledgers: tally ledgers create NAME makes one")

    package static let shape = Shape<LedgerDirectory.Entry> {
        Member("name", \.name, .column)
        Member("ledger_id", \.id.number)
        Member(heading: "events", \.head.position)
        Member(heading: "blocks", \.head.block)
        Member(heading: "head", \.head.hash)
        Member("zone", \.zone, .column)
        Member("created_at", \.createdAt, .heading("created"))
        Member("head", \.head)
    }
}

/// A ledger with the zones that it is and was reported in.
package struct ShownLedger: RenderableObject, Reportable {
    let entry: LedgerDirectory.Entry
    let zones: [LedgerDirectory.ZoneChange]

    package init(_ entry: LedgerDirectory.Entry, zones: [LedgerDirectory.ZoneChange]) {
        self.entry = entry
        self.zones = zones
    }

    package static let shape = Shape<ShownLedger> {
        Member("name", \.entry.name)
        Member("ledger_id", \.entry.id.number)
        Member("zone", \.entry.zone)
        Member("created_at", \.entry.createdAt)
        Member("head", \.entry.head)
        Member("zones", \.zones)
    }

    package var report: Report {
        Report(
            .table(Table(zones)),
            verdict: "ledger \(entry.name) is reported in days and months of \(entry.zone)")
    }
}

extension LedgerDirectory.ZoneChange: RenderableObject {
    package static let shape = Shape<LedgerDirectory.ZoneChange> {
        Member("zone", \.zone, .column)
        Member("changed_at", \.at, .heading("since"))
        Member("changed_by", \.by, .heading("by"))
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
