import Alerting
import EventStore
import LedgerModel
import LedgerTesting
import Testing

@Suite("The states of an alert")
struct AlertStateTests {
    private static let noon = Timestamp(year: 2026, month: 11, day: 30)

    private static func time(_ minutes: Int64) -> Timestamp {
        noon.advanced(byMicroseconds: minutes * 60_000_000)
    }

    /// A state after these commands, one a minute.
    private func given(_ commands: AlertState.Command...) throws -> AlertState {
        var state = AlertState()
        for (minute, command) in commands.enumerated() {
            let time = Self.time(Int64(minute))
            if let transition = try AlertState.decide(command, given: state, at: time) {
                AlertState.evolve(&state, by: transition, at: time)
            }
        }
        return state
    }

    @Test("a breach raises an alert once, however often it is seen")
    func once() throws {
        let state = try given(
            .observe(.breached), .observe(.breached), .observe(.unsettled), .observe(.breached))
        #expect(state.phase == .firing && state.revision == 1)
        #expect(state.raisedAt == Self.time(0))
    }

    @Test("what is over is resolved, and raised again if it comes back")
    func again() throws {
        let resolved = try given(.observe(.breached), .observe(.clear), .observe(.clear))
        #expect(resolved.phase == .resolved && resolved.revision == 2)
        let raised = try given(.observe(.breached), .observe(.clear), .observe(.breached))
        #expect(raised.phase == .firing && raised.raisedAt == Self.time(2))
        #expect(try given(.observe(.clear)) == AlertState())
        #expect(try given(.observe(.unsettled)) == AlertState())
    }

    @Test("an acknowledged alert stays so until it is over")
    func acknowledged() throws {
        let state = try given(.observe(.breached), .acknowledge, .observe(.breached), .acknowledge)
        #expect(state.phase == .acknowledged && state.revision == 2)
        let over = try given(.observe(.breached), .acknowledge, .observe(.clear))
        #expect(over.phase == .resolved)
    }

    @Test("only what is open can be acknowledged or silenced, and only until a time to come")
    func refusals() throws {
        for command in [AlertState.Command.acknowledge, .silence(until: Self.time(60))] {
            #expect(throws: AlertRefusal.notFiring) { try given(command) }
            #expect(throws: AlertRefusal.notFiring) {
                try given(.observe(.breached), .observe(.clear), command)
            }
        }
        #expect(throws: AlertRefusal.past(Self.time(1))) {
            try given(.observe(.breached), .silence(until: Self.time(1)))
        }
    }

    @Test("a silenced alert is not raised, also if it comes and goes, until the silence ends")
    func silenced() throws {
        let silent = try given(
            .observe(.breached), .silence(until: Self.time(5)), .observe(.clear),
            .observe(.breached), .observe(.breached))
        #expect(silent.phase == .resolved && silent.revision == 3)
        let raised = try given(
            .observe(.breached), .silence(until: Self.time(3)), .observe(.breached),
            .observe(.breached), .observe(.breached))
        #expect(raised.phase == .firing && raised.revision == 3)
        #expect(raised.raisedAt == Self.time(3) && raised.silencedUntil == nil)
    }

    @Test("whatever happens, each raise is of another time, and bytes give the state back")
    func property() throws {
        let seed = testSeed()
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            var state = AlertState()
            var isOpen = false
            for minute in 0..<Int64.random(in: 1...60, using: &random) {
                let now = Self.time(minute)
                let commands: [AlertState.Command] = [
                    .observe(.breached), .observe(.breached), .observe(.clear),
                    .observe(.unsettled), .acknowledge, .silence(until: Self.time(minute + 3)),
                ]
                let command = commands[Int.random(in: 0..<commands.count, using: &random)]
                guard
                    let transition = try? AlertState.decide(command, given: state, at: now)
                else { continue }
                if transition == .raised {
                    let wasSilenced = state.silencedUntil != nil
                    #expect(!isOpen || wasSilenced, "raised twice, seed \(seed)")
                }
                let revision = state.revision
                AlertState.evolve(&state, by: transition, at: now)
                #expect(state.revision == revision + 1)
                isOpen = state.isOpen
                #expect(AlertState(state.bytes) == state)
            }
        }
        #expect(AlertState([]) == AlertState())
        #expect(AlertState(Array("nonsense".utf8)) == nil)
    }

    @Test("rule, subject and window make the name, whatever is in them")
    func names() {
        let a = AlertName(rule: "a", subject: "b", window: "c")
        #expect(a.id.string.count == 16)
        #expect(a.id != AlertName(rule: "ab", subject: "", window: "c").id)
        #expect(a.id == AlertName(rule: "a", subject: "b", window: "c").id)
        #expect(a.key.kind == 20)
    }
}
