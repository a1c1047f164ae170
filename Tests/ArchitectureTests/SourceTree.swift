import Foundation

/// The files of this package, as text.
struct SourceTree {
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    struct File {
        /// The path from the root, such as `Sources/LedgerModel/Event.swift`.
        let path: String
        let text: String

        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

        /// The modules that it imports, as a whole or in part.
        var imports: Set<String> {
            let pattern =
                #/^(?:@\w+\s+)*(?:\w+ )?import (?:enum |struct |class |func |protocol )?(\w+)/#
            return Set(lines.compactMap { (try? pattern.firstMatch(in: $0))?.1 }.map(String.init))
        }

        /// The lines without their comments.
        var code: [(line: Int, text: Substring)] {
            lines.enumerated().compactMap { index, line in
                line.drop { $0 == " " }.hasPrefix("//") ? nil : (index + 1, line)
            }
        }
    }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The Swift files below a folder; none if there is no such folder.
    static func swiftFiles(in folder: String) throws -> [File] {
        let start = root.appending(path: folder)
        let found = FileManager.default.enumerator(atPath: start.path(percentEncoded: false))
        return try (found?.allObjects as? [String] ?? [])
            .filter { $0.hasSuffix(".swift") }
            .sorted()
            .map { File(path: "\(folder)/\($0)", text: try text("\(folder)/\($0)")) }
    }

    /// Every Swift file that was written by hand, not generated.
    static func writtenFiles() throws -> [File] {
        try ["Sources", "Tests", "Benchmarks", "Examples", "migrations"]
            .flatMap { try swiftFiles(in: $0) }
            .filter { $0.lines.prefix(3).allSatisfy { !$0.hasPrefix("// Made by ") } }
    }
}

/// A target as `Package.swift` declares it.
struct DeclaredTarget {
    let name: String
    let folder: String
    let isTest: Bool
    /// Our own targets that it depends on.
    let targets: Set<String>
    /// Modules of other packages that it depends on.
    let products: Set<String>

    static func all() throws -> [DeclaredTarget] {
        let text = try SourceTree.text("Package.swift")
        var shorthands: [String: String] = [:]
        for match in text.matches(
            of: #/let (\w+)[^\n=]*=\s*(?:Target\.Dependency)?\.product\(\s*name: "(\w+)"/#)
        {
            shorthands[String(match.1)] = String(match.2)
        }
        // Those that are nothing but their files, by name; the others with their arguments.
        let plain = text.matches(of: #/\n    "(\w+)": \[([^\]]*)\]/#).map { match in
            DeclaredTarget(
                match.1, path: nil, isTest: match.1.hasSuffix("Tests"), needs: String(match.2),
                shorthands)
        }
        let starts = text.ranges(of: #/\.(target|executableTarget|testTarget|systemLibrary)\(/#)
        let ends = starts.dropFirst().map(\.lowerBound) + [text.endIndex]
        return plain
            + zip(starts, ends).compactMap { start, end in
                declared(text[start.lowerBound..<end], shorthands)
            }
    }

    private static func declared(
        _ text: Substring, _ shorthands: [String: String]
    ) -> DeclaredTarget? {
        guard let name = text.firstMatch(of: #/name: "(\w+)"/#)?.1 else { return nil }
        let needs = text.firstRange(of: "dependencies: [")?.upperBound
        return DeclaredTarget(
            name, path: text.firstMatch(of: #/path: "([^"]+)"/#)?.1,
            isTest: text.hasPrefix(".testTarget"),
            needs: needs.map { String(text[$0...].prefix { $0 != "]" }) } ?? "", shorthands)
    }

    /// - Parameter needs: the list of what it depends on.
    private init(
        _ name: Substring, path: Substring?, isTest: Bool, needs: String,
        _ shorthands: [String: String]
    ) {
        var list = needs
        var products = Set(
            list.matches(of: #/\.product\(\s*name: "(\w+)"/#).map { String($0.1) })
        list.replace(#/\.product\([^)]*\)/#, with: "")
        targets = Set(list.matches(of: #/"(\w+)"/#).map { String($0.1) })
        list.replace(#/"\w+"/#, with: "")
        products.formUnion(list.matches(of: #/\w+/#).compactMap { shorthands[String($0.0)] })
        self.name = String(name)
        self.products = products
        folder = path.map(String.init) ?? (isTest ? "Tests/" : "Sources/") + name
        self.isTest = isTest || path?.hasPrefix("Tests/") == true
    }
}

/// The rows of a Markdown table, by the words of its header.
func table(under heading: String, of document: String) throws -> [[String]] {
    let text = try SourceTree.text(document)
    guard let start = text.firstRange(of: "## \(heading)\n")?.upperBound else { return [] }
    let rows = text[start...].split(separator: "\n", omittingEmptySubsequences: false)
        .drop { !$0.hasPrefix("|") }
        .prefix { $0.hasPrefix("|") }
    return rows.dropFirst(2).map { row in
        row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
}

/// The words between backticks.
func quoted(_ cell: String) -> [String] {
    cell.matches(of: #/`([^`]+)`/#).map { String($0.1) }
}
