import JSON
import SIMDJSON
import Testing

@Suite("Limits of a tape")
struct TapeLimitTests {
    private func fault(
        _ text: String, elementsMax: UInt32 = .max, tokensMax: UInt32 = 1_000
    ) -> JSONFault? {
        var text = text
        return text.withUTF8 { bytes in
            var tape = JSONTape(elementsMax: elementsMax, tokensMax: tokensMax)
            do throws(JSONFault) {
                _ = try tape.open(UnsafeRawBufferPointer(bytes))
                return nil
            } catch { return error }
        }
    }

    @Test("elements of the outermost array are counted, and of no other")
    func elements() {
        #expect(fault("[1,[1,2,3],{\"a\":[1,2,3]}]", elementsMax: 3) == nil)
        #expect(fault("[1,2,3,4]", elementsMax: 3) == JSONFault(.tooManyValues(3), at: 6))
        #expect(fault("{\"a\":1,\"b\":2,\"c\":3,\"d\":4}", elementsMax: 3) == nil)
        #expect(fault("[]", elementsMax: 0) == nil)
    }

    @Test("keys and values are counted for each element, or for a value that is no array")
    func tokens() {
        #expect(fault("[[1,2],{\"a\":1},[1,2]]", tokensMax: 4) == nil)
        #expect(fault("[1,[1,2,3,4]]", tokensMax: 4)?.kind == .tooManyValues(4))
        #expect(fault("{\"a\":1,\"b\":2}", tokensMax: 5) == nil)
        #expect(fault("{\"a\":1,\"b\":2}", tokensMax: 4)?.kind == .tooManyValues(4))
    }

    @Test("a large text of hardly anything but punctuation is refused, one of values is read")
    func density() throws {
        let count = 1 << 20
        let dense = "[" + Array(repeating: "[]", count: count / 2).joined(separator: ",") + "]"
        #expect(fault(dense)?.kind == .tooManyValues(1_000))
        let object = #"{"name":"a text, with [some] {punctuation}: as people write"}"#
        let plain = Array(repeating: object, count: count / 50).joined(separator: ",")
        #expect(fault("[\(plain)]") == nil)
        let large = "{\"a\":[\(plain)]}"
        #expect(fault(large, tokensMax: 1 << 20) == nil)
        #expect(fault(large)?.kind == .tooManyValues(1_000))
    }

    @Test("a large value that is checked before it is read gives the same tokens")
    func largeValues() throws {
        let text = "{\"a\":\"\(String(repeating: "x", count: 2 << 20))\",\"b\":[1,{\"c\":null}]} "
        var copy = text
        copy.withUTF8 { bytes in
            var tape = JSONTape()
            #expect((try? tape.open(UnsafeRawBufferPointer(bytes))) == .object)
            let value = tape.next()
            #expect(value?.members.map { $0.key.text.count } == [1, 1])
            #expect(value?.member("b")?.elements.map(\.kindName) == ["a number", "an object"])
            #expect(tape.next() == nil)
        }
        #expect(fault(text + "1") == JSONFault(.trailing, at: text.utf8.count))
    }
}
