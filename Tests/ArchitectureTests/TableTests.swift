import Foundation
import Testing

/// The tables of docs/architecture.md: who writes them, and who may read them.
@Suite("Tables")
struct TableTests {
    struct Row {
        let owner: String
        let isPublished: Bool
    }

    let rows: [String: Row]

    init() throws {
        var rows: [String: Row] = [:]
        for cells in try table(under: "Tables", of: "docs/architecture.md") {
            for name in quoted(cells[0]) {
                rows[name] = Row(
                    owner: quoted(cells[1]).first ?? "", isPublished: cells[2].hasPrefix("read"))
            }
        }
        self.rows = rows
    }

    /// Tables written by a target other than the owner, and why.
    private static let exceptions = [
        "Access writes tally.heads": "a ledger is made with its head",
        "Benchmarks writes tally.events": "a bare COPY is what ingest is compared with",
    ]

    @Test("a target writes only its own tables, and reads those and published ones")
    func owners() throws {
        var excepted: Set<String> = []
        var seen: Set<String> = []
        for target in try DeclaredTarget.all() where !target.isTest {
            for file in try SourceTree.swiftFiles(in: target.folder) {
                for use in Self.uses(in: file) {
                    guard let row = rows[use.table] else {
                        Issue.record("\(file.path): tally.\(use.table) is not in the list")
                        continue
                    }
                    seen.insert(use.table)
                    guard row.owner != target.name, use.isWrite || !row.isPublished else {
                        continue
                    }
                    let verb = use.isWrite ? "writes" : "reads"
                    let sentence = "\(target.name) \(verb) tally.\(use.table)"
                    excepted.insert(sentence)
                    #expect(
                        Self.exceptions[sentence] != nil,
                        "\(file.path): \(sentence), which belongs to \(row.owner)")
                }
            }
        }
        #expect(seen.count > 15)
        #expect(excepted == Set(Self.exceptions.keys))
    }

    @Test("only the owner of the read models builds table names")
    func made() throws {
        for target in try DeclaredTarget.all() where !target.isTest && target.name != "ReadModels" {
            for file in try SourceTree.swiftFiles(in: target.folder) {
                for (line, text) in file.code {
                    #expect(!text.contains("tally.\\("), "\(file.path):\(line)")
                }
            }
        }
    }

    @Test("the owners are targets")
    func targets() throws {
        let known = Set(try DeclaredTarget.all().map(\.name))
        #expect(Set(rows.values.map(\.owner)).subtracting(known).isEmpty)
    }

    private struct Use {
        let table: String
        let isWrite: Bool
    }

    /// The tables that the SQL of a file names; functions do not count.
    private static func uses(in file: SourceTree.File) -> [Use] {
        let code = file.code.map(\.text).joined(separator: "\n")
        let writes = code.matches(
            of: #/\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|COPY|TRUNCATE)\s+tally\.(\w+)/#
        ).map { Use(table: String($0.1), isWrite: true) }
        let reads = code.matches(
            of: #/\b(?:FROM|JOIN|ONLY)\s+tally\.(\w+)(?!\w*\s*\()|,\s+tally\.(\w+)\s+AS\b/#
        ).map { Use(table: String($0.1 ?? $0.2 ?? ""), isWrite: false) }
        return writes + reads
    }
}
