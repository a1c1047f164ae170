import LedgerModel
import LedgerTesting
import Testing

@Suite("Agents of events")
struct AgentTests {
    @Test("an event without an agent has the leaf that it had before there were any")
    func oldLeaves() throws {
        var random = RandomEvents(seed: testSeed())
        for _ in 0..<200 {
            var event = random.request()
            for dimension in Dimension.late { event.dimensions[dimension] = nil }
            event.requestHash = nil
            var image = EventImage()
            image.append(event)
            var hasher = LeafHasher()
            let before = hasher.canonicalEncoding(of: image.buffer)
            let bytes = try #require(before)
            let old = image.count - (Dimension.late.count + 1) * 4
            #expect(
                image.buffer[old...].allSatisfy { $0 == 0xFF }, "absent fields at the end")
            event.dimensions[.agent] = "planner"
            image.removeAll()
            image.append(event)
            let after = hasher.canonicalEncoding(of: image.buffer)
            let more = try #require(after)
            // Its number, its length and its bytes follow all others.
            #expect(more.starts(with: bytes) && more.suffix(7).elementsEqual("planner".utf8))
            let read = Event(image: image.buffer)
            #expect(read == event)
        }
    }

    @Test("the content of an event is its leaf, but for the key that it came by")
    func content() throws {
        var random = RandomEvents(seed: testSeed())
        func leaves(_ event: Event) throws -> (leaf: Digest, content: Digest) {
            var hasher = LeafHasher()
            var image = EventImage()
            image.append(event)
            let found = EventRow(image: image.buffer)
            let row = try #require(found)
            return (hasher.leaf(of: row), hasher.content(of: row))
        }
        for _ in 0..<100 {
            var event = random.request()
            event.dimensions[.apiKey] = nil
            let (leaf, content) = try leaves(event)
            #expect(leaf == content)
            event.dimensions[.apiKey] = "a key"
            let keyed = try leaves(event)
            #expect(keyed.leaf != leaf && keyed.content == leaf)
            event.dimensions[.agent] = "another"
            #expect(try leaves(event).content != leaf)
        }
    }

    @Test("each dimension has a field and a column of its own, the later ones behind all others")
    func fields() {
        #expect(Set(Dimension.allCases.map(\.field)).count == Dimension.allCases.count)
        #expect(Dimension.agent.field == .agent && Dimension.attempt.field == .attempt)
        #expect(Dimension.region.field == .region && Dimension.user.column == "user_id")
        #expect(Dimension.parentAgent.column == "parent_agent")
        #expect(Field.allCases.count == Field.columns.count && Field.allCases.count <= 64)
        #expect(Dimension.allCases.suffix(4) == Dimension.late[...])
    }
}
