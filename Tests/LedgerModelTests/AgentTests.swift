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
            for dimension in Dimension.ofRuns { event.dimensions[dimension] = nil }
            var image = EventImage()
            image.append(event)
            var hasher = LeafHasher()
            let before = hasher.canonicalEncoding(of: image.buffer)
            let bytes = try #require(before)
            let old = image.count - Dimension.ofRuns.count * 4
            #expect(
                image.buffer[old...].allSatisfy { $0 == 0xFF }, "three absent fields at the end")
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

    @Test("each dimension has a field and a column of its own, the later ones behind all others")
    func fields() {
        #expect(Set(Dimension.allCases.map(\.field)).count == Dimension.allCases.count)
        #expect(Dimension.agent.field == .agent && Dimension.attempt.field == .attempt)
        #expect(Dimension.region.field == .region && Dimension.user.column == "user_id")
        #expect(Dimension.parentAgent.column == "parent_agent")
        #expect(Field.allCases.count == Field.columns.count && Field.allCases.count <= 64)
        #expect(Dimension.allCases.suffix(3) == Dimension.ofRuns[...])
    }
}
