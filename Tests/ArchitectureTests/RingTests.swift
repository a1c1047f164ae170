import Foundation
import Testing

/// The rings of docs/architecture.md, enforced.
@Suite("Architecture")
struct RingTests {
    struct Row {
        let ring: String
        /// nil for the composition root, which may import everything.
        let imports: Set<String>?
    }

    let rows: [String: Row]
    let targets: [DeclaredTarget]

    init() throws {
        var rows: [String: Row] = [:]
        for cells in try table(under: "Rings and targets", of: "docs/architecture.md") {
            let isRoot = cells[3] == "everything"
            for target in quoted(cells[1]) {
                rows[target] = Row(ring: cells[0], imports: isRoot ? nil : Set(quoted(cells[3])))
            }
        }
        self.rows = rows
        targets = try DeclaredTarget.all()
    }

    /// Modules that come with the compiler.
    ///
    /// The domain may import only the pure ones.
    private static let toolchain: Set<String> = [
        "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Swift", "Synchronization",
        "Testing",
    ]

    /// The pure part of the foundation, which the domain may import.
    private static let pureFoundation = "JSON"

    /// The one file that needs Foundation: it knows the rules of time zones, of which the rest is
    /// arithmetic.
    private static let calendar = "Sources/Calendars/CalendarZone.swift"

    @Test("the table names exactly the targets of the package")
    func sameTargets() {
        #expect(rows.count > 5)
        let declared = Set(targets.filter { !$0.isTest }.map(\.name))
        #expect(Set(rows.keys).subtracting(declared).isEmpty, "in the table only")
        #expect(declared.subtracting(rows.keys).isEmpty, "in Package.swift only")
    }

    @Test("every folder of sources belongs to a target")
    func noStrays() throws {
        for parent in ["Sources", "Tests"] {
            let folders = try FileManager.default.contentsOfDirectory(
                atPath: SourceTree.root.appending(path: parent).path(percentEncoded: false))
            let known = Set(targets.map(\.folder))
            for folder in folders where !folder.hasPrefix(".") {
                #expect(known.contains("\(parent)/\(folder)"))
            }
        }
    }

    @Test("no target depends on more than its row of the table allows")
    func dependencies() {
        for target in targets where !target.isTest {
            guard let row = rows[target.name], let allowed = row.imports else { continue }
            let excess = target.targets.subtracting(allowed)
            #expect(excess.isEmpty, "\(target.name) must not depend on these")
            if row.ring == "domain" {
                let foreign = target.products.subtracting(allowed)
                #expect(foreign.isEmpty, "\(target.name) is pure")
            }
        }
    }

    @Test("no file imports more than its target declares and the table allows")
    func imports() throws {
        let own = Set(targets.map(\.name))
        for target in targets {
            let declared = target.targets.union(target.products).union(Self.toolchain)
            for file in try SourceTree.swiftFiles(in: target.folder) {
                let excess = file.imports.subtracting(declared)
                #expect(excess.isEmpty, "\(file.path) imports what Package.swift does not name")
                guard let allowed = rows[target.name]?.imports else { continue }
                let forbidden = file.imports.intersection(own).subtracting(allowed)
                #expect(forbidden.isEmpty, "\(file.path) reaches into another ring")
            }
        }
    }

    @Test("the table itself respects the rings")
    func outwardOnly() {
        for (name, row) in rows {
            for imported in row.imports ?? [] {
                guard let other = rows[imported]?.ring else { continue }
                switch row.ring {
                case "foundation", "domain":
                    let isInward = row.ring == "domain" && imported == Self.pureFoundation
                    #expect(other == row.ring || isInward, "\(name) → \(imported)")
                default: #expect(imported != "tally", "\(name) → \(imported)")
                }
            }
        }
    }

    @Test("the domain reads no clock, randomness, file or network")
    func purity() throws {
        let words = [
            "ContinuousClock", "SuspendingClock", " Date()", "Clock.now", "Task" + ".sleep",
            "SystemRandomNumberGenerator", "FileManager", "FileHandle", "ProcessInfo", "getenv",
            "print(",
        ]
        for target in targets
        where rows[target.name]?.ring == "domain" || target.name == Self.pureFoundation {
            for file in try SourceTree.swiftFiles(in: target.folder) {
                // A lock around memory that is used again changes no answer.
                var impure = file.imports.intersection(Self.toolchain)
                    .subtracting(["Synchronization"])
                if file.path.hasSuffix(Self.calendar) { impure.remove("Foundation") }
                #expect(impure.isEmpty, "\(file.path) is pure")
                for (line, text) in file.code {
                    for word in words {
                        #expect(!text.contains(word), "\(file.path):\(line)")
                    }
                    let isChance = text.contains(".random(") && !text.contains("using:")
                    #expect(!isChance, "\(file.path):\(line)")
                }
            }
        }
    }

    @Test("every limit of the document is in the file that it names")
    func limits() throws {
        let limits = try table(under: "Limits", of: "docs/architecture.md")
        #expect(limits.count > 5)
        for cells in limits {
            for (name, path) in zip(quoted(cells[0]), quoted(cells[2])) {
                let text = try SourceTree.text("Sources/\(path)")
                #expect(text.contains(" \(name)"), "\(path)")
            }
        }
    }
}
