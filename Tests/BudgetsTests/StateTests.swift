import Budgets
import LedgerModel
import LedgerTesting
import Testing

@Suite("The state of a budget")
struct StateTests {
    private static let now = Timestamp(year: 2026, month: 11, day: 30)
    private static let hour = Timestamp.hourMicroseconds

    private func hold(
        _ id: EventID, in window: Timestamp = now, _ amounts: Amounts = Amounts(requests: 1)
    ) -> OpenHold {
        OpenHold(id: id, window: window, expires: Self.now, amounts: amounts)
    }

    private func balance(_ state: BudgetState, _ start: Timestamp) -> WindowBalance {
        state.balance(of: Window(start: start, end: nil))
    }

    /// The same as a dictionary.
    private struct Naive {
        var holds: [EventID: OpenHold] = [:]
        var posted: [Timestamp: Amounts] = [:]
        var covered: [Timestamp: Amounts] = [:]

        func held(in window: Timestamp) -> Amounts {
            holds.values.filter { $0.window == window }.reduce(.zero) { $0 + $1.amounts }
        }
    }

    @Test("whatever is posted, held, extended and ended, the state is what a dictionary says")
    func naive() throws {
        var random = RandomEvents(seed: testSeed())
        let windows = [Self.now, Self.now.advanced(byMicroseconds: Self.hour)]
        for run in 0..<20 {
            var (state, naive) = (BudgetState(), Naive())
            for _ in 0..<(run == 0 ? 4_000 : 200) {
                let window = windows[random.chance(0.5) ? 0 : 1]
                let known = naive.holds.keys.randomElement(using: &random.random)
                let amounts = random.amounts()
                switch Int.random(in: 0..<10, using: &random.random) {
                case 0..<5:
                    let new = hold(random.eventID(), in: window, amounts)
                    state.hold(new)
                    naive.holds[new.id] = new
                case 5:
                    let until = Self.now.advanced(
                        byMicroseconds: Int64.random(in: -9...9, using: &random.random))
                    let id = known ?? random.eventID()
                    #expect(state.extend(id, by: amounts, until: until) == (known != nil))
                    naive.holds[id]?.amounts += amounts
                    let expires = naive.holds[id].map { max($0.expires, until) }
                    naive.holds[id]?.expires = expires ?? until
                case 6 where run > 0:
                    let id = known ?? random.eventID()
                    #expect(state.remove(id) == naive.holds.removeValue(forKey: id))
                    #expect(state.remove(id) == nil, "ended once")
                case 7:
                    state.cover(amounts, in: window)
                    naive.covered[window, default: .zero] += amounts
                default:
                    let posted = random.chance(0.2) ? -amounts : amounts
                    state.post(posted, in: window)
                    naive.posted[window, default: .zero] += posted
                }
                if random.chance(0.05) {
                    #expect(BudgetState(state.bytes) == state)
                    state = BudgetState(state.bytes)
                }
            }
            for window in windows {
                let balance = balance(state, window)
                #expect(balance.posted == naive.posted[window] ?? .zero)
                #expect(balance.covered == naive.covered[window] ?? .zero)
                #expect(balance.held == naive.held(in: window))
            }
            #expect(state.holdCount == naive.holds.count)
            #expect(Set(state.holds) == Set(naive.holds.values))
            for id in naive.holds.keys { #expect(state.hold(id) == naive.holds[id]) }
            for id in naive.holds.keys { #expect(state.remove(id) != nil) }
            #expect(state.holdCount == 0 && windows.allSatisfy { balance(state, $0).held == .zero })
        }
    }

    @Test("an empty row is a budget that nothing happened to")
    func empty() {
        #expect(BudgetState([]) == BudgetState())
        #expect(BudgetState(BudgetState().bytes) == BudgetState())
        #expect(balance(BudgetState(), Self.now).posted == .zero)
    }

    @Test("the length of a row tells whether it may have holds")
    func length() {
        var random = RandomEvents(seed: testSeed())
        for windows in 0...5 {
            var state = BudgetState()
            for window in 0..<windows {
                // Days, so that those before the last two are over.
                state.post(
                    random.amounts(),
                    in: Self.now.advanced(
                        byMicroseconds: Int64(window) * Timestamp.dayMicroseconds))
            }
            #expect(state.bytes.count <= BudgetState.bytesWithoutHolds)
            state.hold(hold(random.eventID()))
            #expect(state.bytes.count > BudgetState.bytesWithoutHolds)
        }
    }

    @Test("events that are dated ahead do not make the present window forgotten")
    func ahead() {
        var state = BudgetState()
        let spent = Amounts(requests: 5)
        state.post(spent, in: Self.now)
        for hours in 1...24 {
            state.post(spent, in: Self.now.advanced(byMicroseconds: Int64(hours) * Self.hour))
            #expect(balance(state, Self.now).posted == spent, "an hour \(hours) h ahead")
        }
        state.post(spent, in: Self.now)
        #expect(balance(state, Self.now).posted == spent + spent)
    }

    @Test("old windows are kept as long as something is held there, and two at least")
    func oldWindows() {
        var random = RandomEvents(seed: testSeed())
        func day(_ number: Int64) -> Timestamp {
            Self.now.advanced(byMicroseconds: number * Timestamp.dayMicroseconds)
        }
        var state = BudgetState()
        let id = random.eventID()
        state.hold(hold(id, in: day(0), Amounts(tokens: 7, requests: 1)))
        for number in 1...300 { state.post(Amounts(tokens: 1), in: day(Int64(number))) }
        #expect(state.windows.map(\.start) == [day(0), day(299), day(300)])
        #expect(balance(state, day(0)).held.tokens == 7)
        #expect(state.remove(id)?.amounts.tokens == 7)
        state.post(Amounts(tokens: 1), in: day(300))
        #expect(state.windows.map(\.start) == [day(299), day(300)])
        // A late charge of the window before counts; of an older one, nobody asks any more.
        state.post(Amounts(tokens: 5), in: day(299))
        state.post(Amounts(tokens: 5), in: day(298))
        #expect(balance(state, day(299)).posted.tokens == 6)
        #expect(state.windows.map(\.start) == [day(299), day(300)])
    }

    @Test("three hundred resets in an hour are as many windows")
    func resets() {
        var state = BudgetState()
        for second in 0..<300 {
            state.post(
                Amounts(tokens: 1),
                in: Self.now.advanced(byMicroseconds: Int64(second) * 1_000_000))
        }
        #expect(BudgetState(state.bytes) == state)
        #expect(state.windows.count == 300)
    }
}

@Suite("Amounts and limits")
struct AmountTests {
    @Test("counts stop at the ends of their range")
    func saturated() {
        let most = Amounts(tokens: .max, requests: .max)
        #expect(most + most == most)
        #expect((-most - most).tokens == .min + 1)
        #expect(-(-most - most) == most)
        #expect(Limits(tokens: 5).excess(of: most).tokens == .max - 5)
        #expect(Amounts.tokens(of: [.inputTokens: .max, .outputTokens: 1]) == .max)
    }

    @Test("an excess is what is above the limits that exist")
    func excess() throws {
        let limits = Limits(cost: try usd("1"), requests: 3)
        let taken = Amounts(cost: try usd("1.5"), tokens: 1_000_000, requests: 3)
        #expect(limits.excess(of: taken) == Amounts(cost: try usd("0.5")))
        #expect(limits.excess(of: .zero) == .zero)
        #expect(Limits(tokens: 0).excess(of: Amounts(tokens: 1)).tokens == 1)
    }

    @Test("money is read without rounding, or not at all")
    func money() throws {
        for text in ["0.000000000001", "12.5", "100000000000000000000", "-3", "0"] {
            #expect(PicodollarSum(usd: text)?.description == text)
        }
        for text in ["", "1.0000000000001", "abc", "1,5", "NaN", "∞"] {
            #expect(PicodollarSum(usd: text) == nil, "\(text)")
        }
    }
}
