import Budgeting
import Budgets
import LedgerModel
import Testing

@Suite("Files of budgets and controls")
struct PolicyFileTests {
    @Test("everything that a control can say is read")
    func whole() throws {
        let file = try BudgetPolicyFile.read(
            """
            budgets:
              growth: {usd: 500, for: {team: growth}}
            controls:
              all:
                mode: shadow
                for: {team: growth, feature: rerank}
                when:
                  budget: growth
                  spent_percent: 80
                  input_tokens_above: 1000
                  usd_above: 0.25
                  hours: 22:00-6:00
                  zone: Europe/Berlin
                do:
                  downgrade: {gpt-4o: gpt-4o-mini, "gpt-*": openai/gpt-5}
                  disallow_provider: [deepseek, x]
                  max_tokens: 500
                  cache: force
                  flag: tight
                  throttle: {calls_per_minute: 60, each: user}
                  block: not now
              one: {do: {throttle: 5, disallow_provider: y}}
            """)
        #expect(file.budgets.map(\.name) == ["growth"])
        #expect(file.controls.map(\.name) == ["all", "one"])
        let all = file.controls[0]
        #expect(all.mode == .shadow && all.filter == [.team: "growth", .feature: "rerank"])
        let hours = try DayHours("22:00-06:00", zone: "Europe/Berlin")
        #expect(all.conditions.share == .init(of: "growth", percent: 80, countsHeld: false))
        #expect(all.conditions.inputTokensAbove == 1_000 && all.conditions.hours == hours)
        #expect(all.conditions.costAbove == PicodollarSum(usd: "0.25"))
        #expect(all.actions.downgrade.map(\.from) == ["gpt-4o", "gpt-*"])
        #expect(all.actions.disallowedProviders == ["deepseek", "x"])
        #expect(all.actions.maxTokens == 500 && all.actions.forcesCache)
        #expect(all.actions.throttle == .init(callsPerMinute: 60, each: .user))
        #expect(all.actions.flag == "tight" && all.actions.block == "not now")
        #expect(file.controls[1].actions.throttle == .init(callsPerMinute: 5, each: nil))
        // JSON is a part of it.
        let json = try BudgetPolicyFile.read(#"{"controls": {"a": {"do": {"max_tokens": 9}}}}"#)
        #expect(json.controls.map(\.actions.maxTokens) == [9] && json.budgets.isEmpty)
    }

    @Test(
        "what is wrong is said with its line and column",
        arguments: [
            ("budget: {}", "1, column 1: budget is not known here"),
            ("{}", "1, column 1: budgets and controls are missing"),
            (
                "budgets:\n  a: {usd: 1, windw: day}",
                "2, column 15: windw is not known in a budget: did you mean window?"
            ),
            ("budgets:\n  a: {usd: -1}", "2, column 12: usd is -1"),
            (
                "budgets:\n  a:\n    usd: 1\n    zone: Mars",
                "4, column 11: there is no time zone Mars"
            ),
            ("budgets:\n  a: {usd: 1, for: {usr: x}}", "2, column 20: usr is not a dimension"),
            ("budgets:\n  a b: {usd: 1}", "2, column 3: \"a b\" cannot name a budget"),
            ("budgets:\n  a: {each: user}", "2, column 6: budget a needs a limit"),
            (
                "controls:\n  a: {do: {flag: x}, wen: {}}",
                "2, column 22: wen is not known in a control: did you mean when?"
            ),
            (
                "controls:\n  a: {for: {tem: x}, do: {flag: x}}",
                "2, column 13: tem is not a dimension: did you mean team?"
            ),
            (
                "controls:\n  a: {do: {downgrad: {a: b}}}",
                "2, column 12: downgrad is not known in do: did you mean downgrade?"
            ),
            ("controls:\n  a: {do: {downgrade: {a: b/}}}", "2, column 24: \"b/\" names no model"),
            ("controls:\n  a:\n    do:\n      max_tokens: few", "4, column 19: max_tokens is few"),
            ("controls:\n  a:\n    do:\n      max_tokens: 0", "4, column 19: max_tokens is 0"),
            ("controls:\n  a: {do: {cache: maybe}}", "2, column 19: cache is maybe"),
            (
                "controls:\n  a: {do: {throttle: {each: user}}}",
                "2, column 22: calls_per_minute is missing"
            ),
            (
                "controls:\n  a: {do: {throttle: {calls_per_minute: 1, each: usr}}}",
                "2, column 50: usr is not a dimension"
            ),
            (
                "controls:\n  a: {when: {used_percent: 5}, do: {flag: x}}",
                "2, column 28: a percentage is that of a budget"
            ),
            (
                "controls:\n  a: {when: {budget: b}, do: {flag: x}}",
                "2, column 22: give used_percent"
            ),
            (
                "controls:\n  a: {when: {budget: b, used_percent: 0}, do: {flag: x}}",
                "2, column 39: 0 is no percentage"
            ),
            ("controls:\n  a: {when: {hours: 9-17}, do: {flag: x}}", "2, column 21: hours is 9-17"),
            (
                "controls:\n  a: {when: {zone: UTC}, do: {flag: x}}",
                "2, column 20: zone is that of hours"
            ),
            (
                "controls:\n  a: {when: {usd_above: x}, do: {flag: x}}",
                "2, column 25: usd_above is x"
            ),
            (
                "controls:\n  a: {mode: on, do: {flag: x}}",
                "2, column 13: mode is on: use active or shadow"
            ),
            ("controls:\n  a: {do: {}}", "2, column 11: control a does nothing"),
            ("controls:\n  a: {for: {app: x}}", "2, column 6: control a does nothing"),
            ("controls:\n  a b: {do: {flag: x}}", "2, column 3: \"a b\" cannot name a control"),
            (
                "{\"controls\":\n  {\"ä\": {}, \"a\": {\"do\": 5}}}",
                "2, column 4: \"ä\" cannot name a control"
            ),
            (
                "{\"controls\":\n  {\"a\": {\"flag\": \"ä\", \"do\": 5}}}",
                "2, column 10: flag is not known in a control"
            ),
            ("controls:\n\ta: 1", "2, column 1: this is neither YAML nor JSON"),
        ])
    func errors(text: String, message: String) throws {
        let error = #expect(throws: (any Error).self) { try BudgetPolicyFile.read(text) }
        let said = error.map { "\($0)" } ?? ""
        #expect(said.hasPrefix("line " + message), "\(said)")
    }
}
