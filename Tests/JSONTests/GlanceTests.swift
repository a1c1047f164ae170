import JSON
import LedgerTesting
import Testing

@Suite("Glancing at JSON")
struct GlanceTests {
    private static func look<R>(_ text: String, _ body: (JSONGlance) -> R) -> R {
        Array(text.utf8).withUnsafeBufferPointer { body(JSONGlance($0)) }
    }

    @Test("a member is found wherever it stands, and the rest is passed over")
    func found() {
        let text =
            #" { "a" : [1, {"x":"]}"}], "b":{"c":"\"}","d":null}, "e" : -1.5e3 ,"model":"gpt\u002d4" } "#
        Self.look(text) { glance in
            guard let root = glance.root, let b = glance.member("b", of: root),
                let a = glance.member("a", of: root), let e = glance.member("e", of: root),
                let model = glance.member("model", of: root),
                let c = glance.member("c", of: b), let d = glance.member("d", of: b)
            else {
                Issue.record("a member is missing")
                return
            }
            #expect(glance.text(model) == "gpt-4")
            #expect(glance.text(c) == "\"}")
            #expect(glance.text(d) == nil && glance.string(e) == nil)
            #expect(glance.isArray(a) && glance.isObject(b) && !glance.isObject(d))
            #expect(glance.member("x", of: root) == nil && glance.member("a", of: a) == nil)
            var items = 0
            #expect(glance.items(of: a) { _ in items += 1 })
            #expect(items == 2)
            #expect(glance.range(e).map { String(decoding: glance[$0], as: UTF8.self) } == "-1.5e3")
        }
    }

    @Test("whatever stands there, nothing is read beyond its end")
    func broken() {
        var generator = SeededGenerator(seed: testSeed())
        let whole = #"{"a":[{"b":"x\"y"},[[]],2],"c":{"d":"e"}}"#
        let bytes = Array(whole.utf8)
        for count in 0..<bytes.count {
            let part = String(decoding: bytes[..<count], as: UTF8.self)
            let isWhole = Self.look(part) { glance in
                glance.root.map { glance.members(of: $0) { _, _ in } } ?? false
            }
            #expect(!isWhole, "\(part)")
        }
        let marks = Array(#"{}[]":,\x1 "#.utf8)
        for _ in 0..<5_000 {
            let random = (0..<Int.random(in: 0...24, using: &generator)).map { _ in
                marks.randomElement(using: &generator) ?? 0
            }
            random.withUnsafeBufferPointer { bytes in
                let glance = JSONGlance(bytes)
                guard let root = glance.root else { return }
                glance.members(of: root) { _, value in
                    _ = glance.range(value)
                    _ = glance.text(value)
                    glance.items(of: value) { _ = glance.end(of: $0) }
                }
            }
        }
    }

    @Test("members are those of the tree")
    func sameAsTree() throws {
        var generator = SeededGenerator(seed: testSeed())
        for _ in 0..<500 {
            let tree = Self.tree(depth: 4, &generator)
            let text = tree.json
            let members = try #require(JSONTree(parsing: text.utf8).members)
            Self.look(text) { glance in
                guard let root = glance.root else {
                    Issue.record("no object: \(text)")
                    return
                }
                var index = 0
                let isWhole = glance.members(of: root) { key, value in
                    let spelled = glance.range(value).map { Array(glance[$0]) } ?? []
                    #expect(spelled == Array(members[index].value.json.utf8))
                    #expect(JSONGlance.text(spelled: glance[key]) == members[index].key)
                    #expect(glance.text(value) == members[index].value.string)
                    index += 1
                }
                #expect(isWhole && index == members.count)
            }
        }
    }

    private static func tree(depth: Int, _ generator: inout SeededGenerator) -> JSONTree {
        let keys = ["a", "model", "é\"", "x\\y", ""]
        var members: [JSONTree.Member] = []
        for _ in 0..<Int.random(in: 0...4, using: &generator) {
            let value: JSONTree
            switch Int.random(in: 0...(depth > 0 ? 5 : 3), using: &generator) {
            case 0: value = .null
            case 1: value = .boolean(true)
            case 2: value = .number(String(Int.random(in: -9...9, using: &generator)))
            case 3:
                value = .text(["", "}{", "\"", "\\", "\n👋"].randomElement(using: &generator) ?? "")
            case 4:
                value = .array(
                    (0..<Int.random(in: 0...3, using: &generator)).map { _ in
                        tree(depth: depth - 1, &generator)
                    })
            default: value = tree(depth: depth - 1, &generator)
            }
            members.append(.init(keys.randomElement(using: &generator) ?? "", value))
        }
        return .object(members)
    }
}
