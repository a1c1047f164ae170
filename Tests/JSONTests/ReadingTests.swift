import Foundation
import JSON
import LedgerTesting
import SIMDJSON
import Testing

@Suite("Reading JSON")
struct ReadingTests {
    private static func fault(_ text: some Sequence<UInt8>) -> JSONFault? {
        do throws(JSONFault) {
            _ = try JSONTree(parsing: text)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "an error is named with its byte",
        arguments: [
            ("", 0, .empty), (" \n", 0, .empty), ("{", 1, .truncated), ("[1", 2, .truncated),
            ("[,1]", 1, .expectedValue), ("[1,]", 3, .expectedValue), ("[1,,2]", 3, .expectedValue),
            ("[1 2]", 3, .expectedComma), ("[1}", 2, .expectedComma),
            ("{\"a\":1]", 6, .expectedComma),
            ("{1:2}", 1, .expectedKey), ("{\"a\":1,}", 7, .expectedKey), ("{,}", 1, .expectedKey),
            ("{\"a\" 1}", 5, .expectedColon), ("{\"a\"", 4, .truncated), ("{\"a\":", 5, .truncated),
            ("1 2", 2, .trailing), ("[]]", 2, .trailing), ("{}x", 2, .trailing),
            ("[-]", 1, .badNumber), ("[1.]", 1, .badNumber), ("[1e]", 1, .badNumber),
            ("[01]", 2, .expectedComma), ("[.5]", 1, .expectedValue), ("[+1]", 1, .expectedValue),
            ("[0x1]", 2, .expectedComma), ("[NaN]", 1, .expectedValue),
            ("[Infinity]", 1, .expectedValue),
            ("[nul]", 1, .badLiteral), ("[True]", 1, .expectedValue), ("[truth]", 1, .badLiteral),
            ("\"a", 0, .unclosedString), ("[\"a\\", 1, .unclosedString), ("\"\\x\"", 2, .badEscape),
            ("\"\\u12G4\"", 5, .badEscape), ("\"a\u{1}\"", 2, .controlCharacter),
            ("\"\t\"", 1, .controlCharacter), ("'a'", 0, .expectedValue), ("[1]//x", 3, .trailing),
            ("\"\\ud800\"", 1, .halfSurrogate(at: "")), ("\"\\udc00\"", 1, .halfSurrogate(at: "")),
            ("\"\\ud800\\ud800\"", 1, .halfSurrogate(at: "")),
            ("{\"a\":[0,{\"b\":\"\\ud800x\"}]}", 14, .halfSurrogate(at: "a[1].b")),
            ("{\"\\ud800\":1}", 2, .halfSurrogate(at: #"\ud800"#)),
        ] as [(String, Int, JSONFault.Kind)])
    func faults(text: String, offset: Int, kind: JSONFault.Kind) {
        #expect(Self.fault(text.utf8) == JSONFault(kind, at: offset))
    }

    @Test("ill-formed UTF-8 is refused where it begins, in strings only")
    func utf8() {
        for bad: [UInt8] in [
            [0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82],
            [0x80],
        ] {
            let text = Array("[\"é".utf8) + bad + Array("\"]".utf8)
            #expect(Self.fault(text) == JSONFault(.invalidUTF8, at: 4))
            #expect(Self.fault(Array("[".utf8) + bad + Array("]".utf8))?.kind == .expectedValue)
        }
        #expect(Self.fault([0xEF, 0xBB, 0xBF] + Array("[1]".utf8)) == nil)
    }

    @Test("depth and the number of values have a limit, and nesting costs no stack")
    func limits() throws {
        func nested(_ levels: Int) -> [UInt8] {
            Array(repeating: UInt8(ascii: "["), count: levels)
                + Array(repeating: UInt8(ascii: "]"), count: levels)
        }
        #expect(Self.fault(nested(64)) == nil)
        #expect(Self.fault(nested(65)) == JSONFault(.tooDeep(levels: 64), at: 64))
        #expect(Self.fault(nested(1_000_000))?.kind == .tooDeep(levels: 64))
        #expect(throws: JSONFault(.tooManyValues(2), at: 5)) {
            try JSONDocument(Array("[1,2,3]".utf8), nodesMax: 2)
        }
    }

    @Test("numbers keep their digits, members their order, and the last of two equal keys counts")
    func nothingIsLost() throws {
        let text =
            #"{"b":1.50,"a":[1e400,-0,12345678901234567890123456789],"b":null,"é":"\u0041\/"}"#
        let tree = try JSONTree(parsing: text.utf8)
        #expect(tree.json == text.replacing(#""\u0041\/""#, with: #""A/""#))
        #expect(tree.member("b") == .null)
        #expect(tree["b"] == nil)
        #expect(tree["é"]?.string == "A/")
        #expect(tree["e\u{301}"] == nil, "keys are told apart by their bytes")
        #expect(tree["a"]?.items?.map(\.integer) == [nil, 0, nil])
        #expect(tree.replacing("b", with: .boolean(true))["b"] == .boolean(true))
        #expect(
            try JSONTree(parsing: "\" \\b\\f\\n\\r\\t\\\"\\\\\\ud83d\\ude00\"".utf8).string
                == " \u{8}\u{C}\n\r\t\"\\😀")
    }

    @Test("a document knows the place of every value")
    func places() throws {
        let text = #" {"a": [1, {"k": "v"}], "b": true} "#
        let document = try JSONDocument(Array(text.utf8))
        let spelled = document.nodes.map {
            String(decoding: document.bytes[$0.range], as: UTF8.self)
        }
        #expect(
            spelled == [
                #"{"a": [1, {"k": "v"}], "b": true}"#, #"[1, {"k": "v"}]"#, "1", #"{"k": "v"}"#,
                #""v""#, "true",
            ])
        #expect(Array(document.children(of: 0)) == [1, 5])
        #expect(Array(document.children(of: 1)) == [2, 3])
        #expect(try document.text(in: document.nodes[4].key) == "k")
    }

    // MARK: - Random texts

    @Test("written JSON is read back, and spaces change nothing")
    func roundTrip() throws {
        let seed = testSeed()
        var random = RandomTree(seed: seed)
        for round in 0..<3_000 {
            let tree = random.tree()
            let json = tree.json
            #expect(
                try JSONTree(parsing: json.utf8) == tree, "seed \(seed), round \(round): \(json)")
            let spaced = random.spaced(tree)
            #expect(
                try JSONTree(parsing: spaced.utf8) == tree,
                "seed \(seed), round \(round): \(spaced)")
        }
    }

    @Test("tree and tape agree on validity and content, for intact and damaged texts")
    func sameVerdict() throws {
        let seed = testSeed()
        var random = RandomTree(seed: seed)
        var found = (accepted: 0, refused: 0)
        for round in 0..<20_000 {
            var bytes = Array(random.spaced(random.tree()).utf8)
            if round % 4 > 0 { random.damage(&bytes) }
            let text = String(decoding: bytes, as: UTF8.self)
            let tree = try? JSONTree(parsing: bytes)
            let fault = Self.fault(bytes)
            let taped = Self.taped(bytes)
            // A tape leaves half a pair to the code that uses the string.
            if case .halfSurrogate = fault?.kind {
                let isRefused = taped.fault?.kind == .invalidUTF8
                #expect(taped.hasBrokenString || isRefused, "seed \(seed), round \(round): \(text)")
                continue
            }
            #expect(
                (taped.fault == nil) == (tree != nil),
                "seed \(seed), round \(round): \(text): \(String(describing: taped.fault))")
            if let tree {
                found.accepted += 1
                #expect(taped.tree == tree, "seed \(seed), round \(round): \(text)")
            } else {
                found.refused += 1
                #expect((0...bytes.count).contains(fault?.offset ?? -1))
            }
        }
        #expect(min(found.accepted, found.refused) > 2_000)
    }

    @Test(
        "Python's reader agrees, except for half a surrogate pair",
        .enabled(if: python3 != nil, "needs python3"))
    func python() throws {
        let seed = testSeed()
        var random = RandomTree(seed: seed)
        var texts = (0..<4_000).map { round in
            var bytes = Array(random.spaced(random.tree()).utf8)
            if round % 4 > 0 { random.damage(&bytes) }
            return bytes
        }
        texts.removeAll {
            Self.fault($0).map { if case .halfSurrogate = $0.kind { true } else { false } } ?? false
        }
        let file = FileManager.default.temporaryDirectory.appending(path: "json-\(seed).hex")
        defer { try? FileManager.default.removeItem(at: file) }
        let lines = texts.map {
            $0.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
        let answers = try Self.answers(of: file.path(percentEncoded: false))
        #expect(answers.count == texts.count)
        for (text, answer) in zip(texts, answers) {
            let told = try? JSONTree(parsing: answer.utf8)
            #expect(
                (try? JSONTree(parsing: text)).map(Self.plain) == told,
                "seed \(seed): \(String(decoding: text, as: UTF8.self))")
        }
    }

    /// Numbers as texts, objects as arrays: the form that Python returns.
    private static func plain(_ tree: JSONTree) -> JSONTree {
        switch tree {
        case .number(let text): .text("#" + text)
        case .array(let items): .array(items.map(plain))
        case .object(let members):
            .array([.null] + members.flatMap { [.text($0.key), plain($0.value)] })
        default: tree
        }
    }

    private static let script = """
        import json, sys
        def refuse(word): raise ValueError(word)
        def members(pairs): return [None] + [part for pair in pairs for part in pair]
        for line in open(sys.argv[1]):
            try:
                value = json.loads(
                    bytes.fromhex(line).decode(), parse_constant=refuse, object_pairs_hook=members,
                    parse_int=lambda text: "#" + text, parse_float=lambda text: "#" + text)
                print(json.dumps(value))
            except ValueError:
                print("refused")
        """

    private static func answers(of path: String) throws -> [String] {
        let process = Process()
        process.executableURL = URL(filePath: python3 ?? "")
        process.arguments = ["-X", "utf8", "-c", script, path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private static func taped(
        _ bytes: [UInt8]
    ) -> (tree: JSONTree?, fault: JSONFault?, hasBrokenString: Bool) {
        bytes.withUnsafeBytes { bytes in
            var tape = JSONTape()
            var isBroken = false
            do throws(JSONFault) {
                guard try tape.open(bytes) == .array else {
                    let tree = tape.next().map { Self.tree($0, &isBroken) }
                    return (tree, nil, isBroken)
                }
                var items: [JSONTree] = []
                while let value = tape.next() { items.append(Self.tree(value, &isBroken)) }
                return (.array(items), nil, isBroken)
            } catch {
                return (nil, error, false)
            }
        }
    }

    private static func tree(_ value: SIMDJSON.JSONValue, _ isBroken: inout Bool) -> JSONTree {
        let text = String(decoding: value.text, as: UTF8.self)
        switch value.kind {
        case .null: return .null
        case .boolean: return .boolean(value.isTrue)
        case .integer:
            #expect(Int64(text) == value.integer)
            return .number(text)
        case .number: return .number(text)
        case .string: return .text(text)
        case .brokenString:
            isBroken = true
            return .text(text)
        case .array: return .array(value.elements.map { tree($0, &isBroken) })
        case .object:
            return .object(
                value.members.map { key, value in
                    if key.kind == .brokenString { isBroken = true }
                    let name = String(decoding: key.text, as: UTF8.self)
                    return .init(name, tree(value, &isBroken))
                })
        }
    }
}

private let python3 = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":")
    .map { "\($0)/python3" }.first { FileManager.default.isExecutableFile(atPath: $0) }

/// Trees of every kind from a seed, and ways to write and to damage them.
private struct RandomTree {
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    private mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

    mutating func tree(depth: Int = 4) -> JSONTree {
        switch below(depth == 0 ? 4 : 7) {
        case 0: [.null, .boolean(true), .boolean(false)][below(3)]
        case 1, 2: .number(number())
        case 3: .text(text())
        case 4, 5: .array((0..<below(5)).map { _ in tree(depth: depth - 1) })
        default: .object((0..<below(5)).map { _ in .init(text(), tree(depth: depth - 1)) })
        }
    }

    private mutating func number() -> String {
        let numbers = [
            "0", "-0", "7", "-12", "9223372036854775807", "9223372036854775808", "1.50", "-0.0",
            "1e5", "1E+05", "-12.340e-7", "0.1000000000000000055511151231257827", "1e400",
        ]
        return numbers[below(numbers.count)]
    }

    private mutating func text() -> String {
        let pieces = [
            "a", "é", "e\u{301}", "漢", "😀", "\"", "\\", "/", "\n", "\u{1}", "\u{7F}", "[", "}",
        ]
        return (0..<below(5)).map { _ in pieces[below(pieces.count)] }.joined()
    }

    /// JSON with spaces and needless escapes.
    mutating func spaced(_ tree: JSONTree) -> String {
        switch tree {
        case .text(let text): return space() + spelled(text) + space()
        case .array(let items):
            return space() + "[" + items.map { spaced($0) }.joined(separator: ",") + space() + "]"
        case .object(let members):
            let pairs = members.map { space() + spelled($0.key) + space() + ":" + spaced($0.value) }
            return space() + "{" + pairs.joined(separator: ",") + space() + "}"
        default: return space() + tree.json + space()
        }
    }

    private mutating func space() -> String { ["", "", "", " ", "\n", "\t", "\r\n "][below(7)] }

    private mutating func spelled(_ text: String) -> String {
        guard below(3) == 0 else { return JSONTree.text(text).json }
        let units = text.utf16.map { unit in
            let digits = String(unit, radix: 16, uppercase: unit % 2 == 0)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
        return "\"" + units.joined() + "\""
    }

    mutating func damage(_ bytes: inout [UInt8]) {
        let interesting =
            Array("{}[]\",:\\ud\n-+.eE0tfn/ ".utf8) + [0x00, 0x1F, 0x80, 0xC3, 0xED, 0xFF]
        for _ in 0...below(2) where !bytes.isEmpty {
            let index = below(bytes.count)
            switch below(4) {
            case 0: bytes[index] = interesting[below(interesting.count)]
            case 1: bytes.insert(interesting[below(interesting.count)], at: index)
            case 2: bytes.remove(at: index)
            default: bytes.removeSubrange(index...)
            }
        }
    }
}
