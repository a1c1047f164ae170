package import LedgerModel
import LedgerSQL
package import Postgres
import Pricing

/// The name of a scenario: the result of a replay, which can be queried as `scenario.NAME_prices`.
///
/// Lower-case letters, digits and underscores, because it becomes part of the names of views; the
/// database checks it again.
package struct ScenarioName: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package static let bytesMax = 40

    package init(_ text: String) throws(InvalidScenarioName) {
        let bytes = Array(text.utf8)
        let isGood = bytes.allSatisfy { byte in
            (97...122).contains(byte) || (48...57).contains(byte) || byte == UInt8(ascii: "_")
        }
        guard isGood, let first = bytes.first, (97...122).contains(first),
            bytes.count <= Self.bytesMax
        else { throw InvalidScenarioName(name: text) }
        self.text = text
    }

    package var description: String { text }
}

extension ScenarioName: CodedAsText {
    package var codedText: String { text }
    package init?(codedText: String) {
        guard let name = try? ScenarioName(codedText) else { return nil }
        self = name
    }
}

package struct InvalidScenarioName: Fault {
    package var kind: FaultKind { .invalid }
    package var param: String? { "scenario" }

    package let name: String
    package var description: String {
        "\"\(name)\" is not a scenario name: use lower-case letters, digits and underscores, "
            + "begin with a letter, and use at most \(ScenarioName.bytesMax) characters"
    }
}

package struct ScenarioExists: Fault {
    package var kind: FaultKind { .conflict }
    package var param: String? { "scenario" }

    package let name: ScenarioName
    package var description: String {
        "scenario \(name) already exists: replace it, drop it, or choose another name"
    }
}

package struct TooManyScenarios: Fault {
    package var kind: FaultKind { .invalid }
    package var param: String? { "scenario" }

    package var description: String {
        "a ledger keeps at most \(Scenarios.countMax) scenarios: drop one"
    }
}

/// The scenarios of a ledger.
package struct Scenarios: Sendable {
    private let ledger: LedgerID
    private let pool: Pool

    /// The most scenarios of a ledger.
    package static let countMax = 100
    /// The most rows in one statement.
    private static let pageRows = 5_000

    package struct Entry: Sendable {
        package let name: String
        package let kind: String
        package let prices: String
        package let groupedBy: [String]
        package let position: Int64
        package let createdAt: Timestamp
        package let rows: Int64
        package let recorded: PicodollarSum
        package let replayed: PicodollarSum
        package let unpricedRecorded: Int64
        package let unpricedReplayed: Int64
    }

    package init(ledger: LedgerID, pool: Pool) {
        self.ledger = ledger
        self.pool = pool
    }

    package func list() async throws -> [Entry] {
        let list = ListScenarios(ledger: ledger)
        return try await pool.session { try $0.run(list) }
    }

    /// Refuses a name that is taken, before a long replay begins.
    package func check(_ name: ScenarioName, replaces: Bool) async throws {
        let entries = try await list()
        let isKnown = entries.contains { $0.name == name.text }
        if isKnown, !replaces { throw ScenarioExists(name: name) }
        if !isKnown, entries.count >= Self.countMax { throw TooManyScenarios() }
    }

    /// Drops a scenario and returns whether there was one; its views are dropped with the last
    /// ledger's scenario of this name.
    package func drop(_ name: ScenarioName) async throws -> Bool {
        let drop = DropScenario(ledger: ledger, name: name.text)
        return try await pool.session { try $0.one(drop) }
    }

    /// Replaces the content of the scenario by a report, within the caller's transaction: readers
    /// see either the old or the new scenario.
    ///
    /// - Parameter detail: the report without its rows, as JSON.
    static func write(
        _ report: ReplayReport, detail: String, as name: ScenarioName, of ledger: LedgerID,
        run: EventID, replaces: Bool, in session: Session
    ) throws {
        // The views come first: their lock prevents anybody from dropping them meanwhile.
        try session.execute(EnsureScenarioViews(name: name.text))
        if replaces { try session.execute(EmptyScenario(ledger: ledger, name: name.text)) }
        let insert = InsertScenario(
            ledger: ledger, name: name.text, run: run, report: report, detail: detail,
            countMax: Int64(countMax))
        if try session.execute(insert) == 0 {
            // One of the two conditions of the statement was not met.
            let taken = try session.run(ListScenarios(ledger: ledger))
                .contains { $0.name == name.text }
            if taken { throw ScenarioExists(name: name) }
            throw TooManyScenarios()
        }
        for start in stride(from: 0, to: report.rows.count, by: pageRows) {
            let rows = report.rows[start..<min(report.rows.count, start + pageRows)]
            try session.execute(
                InsertScenarioRows(
                    ledger: ledger, name: name.text, groupings: report.request.groupedBy,
                    rows: rows))
        }
    }
}
