import Foundation
import Testing

/// Rules that a formatter does not check, after TigerBeetle's tidy.
@Suite("Tidiness")
struct TidyTests {
    private static let linesMax = 500

    @Test("files have at most 500 lines, no tabs and no loose ends")
    func shape() throws {
        let files = try SourceTree.writtenFiles()
        #expect(files.count > 50)
        var found: [String] = []
        for file in files {
            let (path, text, lines) = (file.path, file.text, file.lines)
            if lines.count - 1 > Self.linesMax { found.append("\(path) is too long") }
            if !text.hasSuffix("\n") { found.append("\(path) ends without a line feed") }
            if text.hasSuffix("\n\n") { found.append("\(path) ends with an empty line") }
            if text.hasPrefix("\n") { found.append("\(path) begins with an empty line") }
            if text.contains("\n\n\n") { found.append("\(path) has two empty lines in a row") }
            for (index, line) in lines.enumerated() {
                let place = "\(path):\(index + 1)"
                if line.contains("\t") { found.append("\(place) has a tab") }
                if line.hasSuffix(" ") { found.append("\(place) ends with a space") }
            }
        }
        #expect(found == [])
    }

    // The words are written in pieces so that this file does not contain them.

    @Test("there are no forced unwraps and no unfinished places")
    func words() throws {
        let words = ["try" + "!", " as" + "! ", "TO" + "DO", "FIX" + "ME", "catch" + " {}"]
        #expect(try Self.places(of: words, in: SourceTree.writtenFiles()) == [])
    }

    /// Tests that are about time itself; a test that waits for something polls for it.
    private static let pauses = [
        "Tests/ServiceTests/Support/Workplace.swift": "between two looks of a poll with a deadline",
        "Tests/ServiceTests/Support/Load.swift": "before a client tries again",
        "Tests/ServiceTests/FaultTests.swift": "as long as an outage lasts",
        "Tests/ServiceTests/DeafTests.swift": "as long as others are measured beside deaf queries",
        "Tests/ServiceTests/Support/Ingest.swift": "until the next request is due",
        "Tests/ClientDriver/ClientDriver.swift": "between two calls of a busy application",
    ]

    @Test("no test sleeps, except for the listed pauses")
    func sleeplessTests() throws {
        let words = ["Task" + ".sleep", "Thread" + ".sleep", "usl" + "eep(", "nanosl" + "eep("]
        let found = try Self.places(of: words, in: SourceTree.swiftFiles(in: "Tests"))
        #expect(found.filter { Self.pauses[String($0.prefix { $0 != ":" })] == nil } == [])
        #expect(found.count == Self.pauses.count)
    }

    @Test("there is one JSON: nothing but the house's own reads or writes it")
    func oneJSON() throws {
        let files = try SourceTree.writtenFiles().filter { $0.path.hasPrefix("Sources/") }
        let words = ["Encoder", "Decoder", "Serialization"].map { "JSON" + $0 }
        #expect(Self.places(of: words, in: files) == [])
    }

    @Test("unchecked Sendable stays inside Postgres")
    func unchecked() throws {
        let files = try SourceTree.writtenFiles()
            .filter { $0.path.hasPrefix("Sources/") && !$0.path.hasPrefix("Sources/Postgres/") }
        #expect(Self.places(of: ["@unchecked" + " Sendable"], in: files) == [])
    }

    private static func places(of words: [String], in files: [SourceTree.File]) -> [String] {
        files.flatMap { file in
            file.code
                .filter { line in words.contains { line.text.contains($0) } }
                .map { "\(file.path):\($0.line): \($0.text.drop { $0 == " " })" }
        }
    }

    @Test("tests have sentences as names")
    func sentences() throws {
        let names = try SourceTree.swiftFiles(in: "Tests").flatMap { file in
            file.code.map { line in
                (place: "\(file.path):\(line.line)", code: line.text.drop { $0 == " " })
            }
        }
        let unnamed = names.filter { _, code in
            code == "@Test" || code.hasPrefix("@Test ") || code.hasPrefix("@Test()")
        }
        #expect(unnamed.map(\.place) == [])
    }
}
