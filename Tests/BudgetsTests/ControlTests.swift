import Budgets
import LedgerModel
import LedgerTesting
import Testing

/// A policy, changed as a test wants it.
func control(
    _ name: String, _ change: (inout ControlPolicy) throws -> Void
) throws -> ControlPolicy {
    var policy = try ControlPolicy(name: name)
    try change(&policy)
    try policy.validate()
    return policy
}

/// Budgets and controls in force, with what their rows say.
struct Controlled {
    let book: BudgetBook
    var posted: [Name: Amounts] = [:]
    var held: [Name: Amounts] = [:]
    var calls: [Name: Int64] = [:]
    static let now = Timestamp(year: 2026, month: 11, day: 30)

    init(_ policies: ControlPolicy..., budgets: [BudgetDefinition] = []) {
        book = BudgetBook(supposing: budgets, policies)
    }

    init(_ policies: [ControlPolicy], budgets: [BudgetDefinition] = []) {
        book = BudgetBook(supposing: budgets, policies)
    }

    static func call(
        model: Name = "gpt-4o", input: Int64 = 1_000, output: Int64? = 4_000,
        at time: Timestamp = Self.now, _ more: [Dimension: Name] = [:]
    ) -> ControlledCall {
        var dimensions: Dimensions = [.provider: "openai", .model: model, .team: "growth"]
        for (dimension, value) in more { dimensions[dimension] = value }
        var usage: Usage = [.inputTokens: input]
        usage[.outputTokens] = output
        return ControlledCall(dimensions: dimensions, usage: usage, at: time)
    }

    /// A token of input costs 1, one of output 4; of a small model a tenth; `exotic` has no price.
    static func price(of call: ControlledCall) -> PicodollarSum? {
        let model = call.dimensions[.model]?.string ?? ""
        if model == "exotic" { return nil }
        let full =
            Int128(call.usage[.inputTokens] ?? 0) * 10 + Int128(call.usage[.outputTokens] ?? 0) * 40
        return PicodollarSum(model.hasSuffix("mini") ? full / 100 : full / 10)
    }

    func outcome(of call: ControlledCall = Self.call()) throws -> ControlOutcome {
        try ControlEvaluation(
            of: book,
            balance: { row, window in
                var balance = WindowBalance(start: window.start)
                balance.posted = posted[row] ?? .zero
                balance.held = held[row] ?? .zero
                return balance
            }, calls: { calls[$0] ?? 0 }, price: Self.price
        ).outcome(of: call)
    }
}

@Suite("Controls")
struct ControlTests {
    private static func downgrade(_ pairs: KeyValuePairs<String, String>) throws -> [ModelMapping] {
        try pairs.map { try ModelMapping(from: $0.key, to: $0.value) }
            .sorted(by: ModelMapping.isMoreExact)
    }

    @Test("given a mapping, when its model is called, then another one takes its place")
    func downgrades() throws {
        let policy = try control("small") {
            $0.actions.downgrade = try Self.downgrade([
                "gpt-4*": "gpt-4-mini", "openai/gpt-4o": "gpt-4o-mini",
                "o1": "anthropic/claude-mini",
            ])
        }
        let given = Controlled(policy)
        let outcome = try given.outcome()
        #expect(outcome.call.dimensions[.model] == "gpt-4o-mini")
        #expect(
            outcome.applied == [
                AppliedControl(
                    policy: "small", action: .downgrade, from: "openai/gpt-4o",
                    to: "openai/gpt-4o-mini")
            ])
        #expect(outcome.changes.map(\.after) == [outcome.call])
        let other = try given.outcome(of: Controlled.call(model: "GPT-4-Turbo"))
        #expect(other.call.dimensions[.model] == "gpt-4-mini", "a beginning is a mapping too")
        let seller = try given.outcome(of: Controlled.call(model: "o1"))
        #expect(seller.call.dimensions[.provider] == "anthropic")
        #expect(seller.call.dimensions[.model] == "claude-mini")
        let same = try given.outcome(of: Controlled.call(model: "claude"))
        #expect(same.applied.isEmpty && same.call == Controlled.call(model: "claude"))
    }

    @Test("given a part of a budget, when it is used up, then the budget's calls are changed")
    func shares() throws {
        let budgets = [
            try budget("growth", Limits(cost: PicodollarSum(1_000), tokens: 100)) {
                $0.filter = [.team: "growth"]
            },
            try budget("people", Limits(requests: 10)) { $0.each = .user },
        ]
        func policy(_ budget: Name, _ percent: Int64, held: Bool = true) throws -> ControlPolicy {
            try control("tight") {
                $0.conditions.share = .init(of: budget, percent: percent, countsHeld: held)
                $0.actions.maxTokens = 10
            }
        }
        func isChanged(_ given: Controlled, _ more: [Dimension: Name] = [:]) throws -> Bool {
            try !given.outcome(of: Controlled.call(more)).applied.isEmpty
        }
        var given = Controlled(try policy("growth", 80), budgets: budgets)
        #expect(try !isChanged(given))
        #expect(try given.outcome().balances == ["0"], "the row that it depends on")
        given.posted["0"] = Amounts(cost: PicodollarSum(500))
        given.held["0"] = Amounts(cost: PicodollarSum(299))
        #expect(try !isChanged(given))
        given.held["0"] = Amounts(cost: PicodollarSum(300))
        #expect(try isChanged(given), "80 % are reached, what is held included")
        #expect(try !isChanged(given, [.team: "search"]), "the budget does not count this call")
        given.posted["0"] = Amounts(tokens: 80)
        #expect(try isChanged(given), "any of its limits")
        var spent = Controlled(try policy("growth", 80, held: false), budgets: budgets)
        spent.held["0"] = Amounts(cost: PicodollarSum(1_000))
        #expect(try !isChanged(spent))
        spent.posted["0"] = Amounts(cost: PicodollarSum(800))
        #expect(try isChanged(spent))
        var each = Controlled(try policy("people", 50), budgets: budgets)
        each.posted["1/ann"] = Amounts(requests: 5)
        #expect(try isChanged(each, [.user: "ann"]))
        #expect(try !isChanged(each, [.user: "bob"]) && !isChanged(each))
    }

    @Test("given bounds, when a call is above them, then it is blocked with the message")
    func blocks() throws {
        let huge = try control("huge") {
            $0.conditions.inputTokensAbove = 100_000
            $0.actions.block = "split the prompt"
        }
        let dear = try control("dear") {
            $0.conditions.costAbove = PicodollarSum(20_000)
            $0.actions.block = "too dear"
        }
        let given = Controlled(huge, dear)
        #expect(try given.outcome().refusal == nil, "17,000")
        let refusal = try #require(
            try given.outcome(of: Controlled.call(input: 100_001)).refusal)
        #expect(refusal.policy == "huge" && refusal.action == .block)
        #expect("\(refusal)" == "control huge: split the prompt" && refusal.kind == .forbidden)
        #expect(try given.outcome(of: Controlled.call(input: 4_001)).refusal?.policy == "dear")
        let exotic = Controlled.call(model: "exotic", input: 50_000)
        #expect(try given.outcome(of: exotic).refusal == nil, "an unknown price is above nothing")
    }

    @Test("given fewer tokens, when a call may make more, then it may make these")
    func shortens() throws {
        let given = Controlled(try control("short") { $0.actions.maxTokens = 256 })
        var call = Controlled.call()
        call.usage[.reasoningOutputTokens] = 1_000
        let outcome = try given.outcome(of: call)
        #expect(outcome.call.usage[.outputTokens] == 256)
        #expect(outcome.call.usage[.reasoningOutputTokens] == 256, "it is a part of the output")
        #expect(outcome.applied.first?.from == "4000" && outcome.applied.first?.to == "256")
        #expect(try given.outcome(of: Controlled.call(output: 256)).applied.isEmpty)
        #expect(try given.outcome(of: Controlled.call(output: nil)).applied.isEmpty)
    }

    @Test(
        "given a throttle, when a minute has its calls, then the next one waits for the next minute"
    )
    func throttles() throws {
        let policy = try control("slow") {
            $0.filter = [.team: "growth"]
            $0.actions.throttle = .init(callsPerMinute: 2, each: .user)
        }
        var given = Controlled(policy)
        let time = Controlled.now.advanced(byMicroseconds: 17_500_000)
        let call = Controlled.call(at: time, [.user: "ann"])
        let first = try given.outcome(of: call)
        #expect(first.throttles == ["0/ann"] && first.refusal == nil && first.applied.isEmpty)
        given.calls["0/ann"] = 2
        let refusal = try #require(try given.outcome(of: call).refusal)
        #expect(refusal.kind == .busy(retryAfter: .seconds(43)) && refusal.member == "ann")
        #expect(try given.outcome(of: Controlled.call([.user: "bob"])).refusal == nil)
        #expect(try given.outcome(of: Controlled.call()).throttles == ["0/"], "nobody's share one")
        #expect(try given.outcome(of: Controlled.call([.team: "search"])).throttles.isEmpty)
    }

    @Test("given a provider that is not allowed, when it is called, then the call is refused")
    func providers() throws {
        let given = Controlled(
            try control("not-there") {
                $0.actions.downgrade = [try ModelMapping(from: "o1", to: "anthropic/claude-mini")]
                $0.actions.disallowedProviders = ["OpenAI", "deepseek"]
            })
        let refusal = try #require(try given.outcome().refusal)
        #expect(refusal.action == .disallowProvider)
        #expect(
            "\(refusal)" == "control not-there: provider openai must not be called: use another one"
        )
        let mapped = try given.outcome(of: Controlled.call(model: "o1"))
        #expect(mapped.refusal == nil, "what is mapped to another provider may be made")
        #expect(mapped.call.dimensions[.provider] == "anthropic")
    }

    @Test("given hours, when a call is made outside of them, then nothing happens")
    func hours() throws {
        let night = try control("night") {
            $0.conditions.hours = try DayHours("22:00-06:30", zone: "Europe/Berlin")
            $0.actions.flag = "at night"
        }
        let given = Controlled(night)
        // An hour behind Berlin in winter.
        for (time, isNight) in [
            ("2026-11-30T20:59:59Z", false), ("2026-11-30T21:00:00Z", true),
            ("2026-11-30T23:00:00Z", true), ("2026-11-30T05:29:59Z", true),
            ("2026-11-30T05:30:00Z", false), ("2026-07-01T20:00:00Z", true),
        ] {
            let outcome = try given.outcome(of: Controlled.call(at: try moment(time)))
            #expect(outcome.applied.map(\.action) == (isNight ? [.flag] : []), "\(time)")
        }
        for text in ["22-06", "22:00", "25:00-01:00", "09:00-09:00", "9:5-x", "-1:00-2:00"] {
            #expect(throws: ControlInvalid.self, "\(text)") { try DayHours(text, zone: "UTC") }
        }
        #expect(throws: ControlInvalid.self) { try DayHours("1:00-2:00", zone: "Mars") }
    }

    @Test("given several policies, each sees what those before it made of the call")
    func order() throws {
        let small = try control("small") {
            $0.actions.downgrade = [try ModelMapping(from: "gpt-4o", to: "gpt-4o-mini")]
        }
        let short = try control("short") {
            $0.filter = [.model: "gpt-4o-mini"]
            $0.actions.maxTokens = 100
            $0.actions.flag = "small"
        }
        let stop = try control("stop") {
            $0.filter = [.model: "gpt-4o"]
            $0.actions.block = "not this one"
        }
        let outcome = try Controlled(small, short, stop).outcome()
        #expect(outcome.refusal == nil)
        #expect(outcome.applied.map(\.action) == [.downgrade, .maxTokens, .flag])
        #expect(outcome.call.usage[.outputTokens] == 100)
        let stopped = try Controlled(stop, small, short).outcome()
        #expect(stopped.refusal?.policy == "stop" && stopped.applied.isEmpty)
    }

    @Test("given a shadow policy, then nothing changes, and what would have been is said")
    func shadow() throws {
        let policy = try control("try") {
            $0.mode = .shadow
            $0.actions.downgrade = [try ModelMapping(from: "gpt-4o", to: "gpt-4o-mini")]
            $0.actions.forcesCache = true
            $0.actions.throttle = .init(callsPerMinute: 1, each: nil)
            $0.actions.block = "no"
        }
        var given = Controlled(policy)
        given.calls["0"] = 1
        let outcome = try given.outcome()
        #expect(outcome.call == Controlled.call() && outcome.refusal == nil)
        #expect(outcome.applied.map(\.action) == [.downgrade, .cache, .throttle, .block])
        #expect(outcome.applied.filter(\.isShadow).count == 4)
        #expect(outcome.changes.map { $0.after.dimensions[.model] } == ["gpt-4o-mini"])
    }

    @Test("a throttle's row counts the calls of its newest minute")
    func throttleState() throws {
        var state = ThrottleState()
        let time = Controlled.now.advanced(byMicroseconds: 59_999_999)
        #expect(state.calls(at: time) == 0)
        state.count(time)
        state.count(time)
        #expect(ThrottleState(state.bytes) == state && state.calls(at: time) == 2)
        #expect(state.calls(at: Controlled.now) == 2 && state.isOf(Controlled.now))
        let next = time.advanced(byMicroseconds: 1)
        #expect(state.calls(at: next) == 0)
        state.count(next)
        #expect(state.calls(at: next) == 1)
        // A clock that is behind does not get a minute for itself.
        state.count(time)
        #expect(state.calls(at: next) == 2)
    }

    @Test("a policy that its event says is the one that was defined")
    func facts() throws {
        let full = try control("full") {
            $0.filter = [.team: "growth", .serviceTier: "priority"]
            $0.conditions.share = .init(of: "b", percent: 75, countsHeld: false)
            $0.conditions.inputTokensAbove = 7
            $0.conditions.costAbove = try usd("0.5")
            $0.conditions.hours = try DayHours("8:00-18:30", zone: "Europe/Berlin")
            $0.actions.downgrade = try Self.downgrade(["a.b": "c", "gpt*": "x/y/z"])
            $0.actions.disallowedProviders = ["p", "q"]
            $0.actions.maxTokens = 9
            $0.actions.forcesCache = true
            $0.actions.flag = "f"
            $0.actions.throttle = .init(callsPerMinute: 3, each: .user)
            $0.actions.block = "m"
            $0.mode = .shadow
        }
        #expect(ControlPolicy(try full.facts([("by", "a test")])) == full)
        let plain = try control("plain") { $0.actions.flag = "x" }
        #expect(ControlPolicy(try plain.facts([])) == plain)
        #expect(throws: ControlInvalid.noAction("none")) { try control("none") { _ in } }
        #expect(throws: ControlInvalid.self) {
            try control("long") {
                $0.actions.downgrade = try (0..<40).map {
                    try ModelMapping(from: "model-\($0)", to: "x")
                }
            }.facts([])
        }
    }

    @Test("policies come in the order of their newest definitions; a removed one is out of force")
    func list() throws {
        var shelf = Shelf()
        func define(_ name: String, retired: Bool = false, calls: Int64 = 1) throws {
            let policy = try control(name) {
                $0.actions.throttle = .init(callsPerMinute: calls, each: nil)
                $0.isRetired = retired
            }
            shelf.append(.controlDefined, try policy.facts([]))
        }
        func rows() throws -> [Name] {
            let book = shelf.book
            return try ControlEvaluation(
                of: book, balance: { WindowBalance(start: $1.start) }, calls: { _ in 0 },
                price: { _ in nil }
            ).outcome(of: Controlled.call()).throttles
        }
        for name in ["a", "b", "c"] { try define(name) }
        #expect(shelf.book.controls.map(\.policy.name) == ["a", "b", "c"])
        #expect(shelf.book.revision == 3 && shelf.book.active.isEmpty)
        let before = try rows()
        try define("a")
        #expect(shelf.book.controls.map(\.policy.name) == ["b", "c", "a"])
        #expect(try Set(rows()) == Set(before), "the same throttle counts on")
        try define("b", calls: 2)
        #expect(try Set(rows()) != Set(before) && Set(rows()).count == 3)
        try define("c", retired: true)
        #expect(shelf.book.controls.map(\.policy.name) == ["a", "b"])
        #expect(throws: ControlInvalid.unknown("c", nearest: nil)) {
            _ = try shelf.book.controlList.find("c")
        }
        #expect(shelf.book.revision == 6)
    }
}
