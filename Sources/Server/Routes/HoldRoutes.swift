import Access
import Booking
import Budgeting
import Budgets
import HTTPTypes
import JSON
import LedgerModel
import Rendering

/// `/api/v1/holds`: money set aside before a call, for callers that are their own gateway.
enum HoldRoutes {
    private static let path = "/api/v1/holds"
    private static let bodyBytesMax = 1 << 16
    private static let callers = Need.key([.gateway, .ingest])

    static let routes: [Route] = [
        Route(
            .post, path, "Set money aside in every budget that counts a request, or in none",
            needs: callers
        ) { (call, input: HoldInput) in
            try await budgets(call).hold(input.wish.asked(by: call.caller), at: call.now)
        },
        Route(.get, path + "/{id}", "Show a hold", needs: .key([.gateway, .ingest, .read])) {
            (call, input: HoldName) in
            let budgets = try await budgets(call)
            guard let hold = try await budgets.find(input.id) else {
                throw HoldInvalid.unknown(input.id)
            }
            return try await budgets.answer(hold, at: call.now)
        },
        Route(
            .post, "/api/v1/budgets/impact",
            "Show what planned calls would do to each budget that counts them"
        ) { (call, input: ImpactInput) in
            try await budgets(call).impact(
                of: input.wish.asked(by: call.caller), times: input.times, at: call.now)
        },
        Route(
            .post, path + "/{id}/extend", "Add to a hold while the call goes on", needs: callers
        ) { (call, input: ExtendInput) in
            try await budgets(call).extend(
                input.id, by: input.usage, cost: input.cost, step: input.step,
                mayLower: input.mayLower, at: call.now)
        },
        Route(
            .post, path + "/{id}/settle",
            "End a hold and book what the call used, with its charge", needs: callers
        ) { (call, input: SettleInput) in
            try await budgets(call).settle(input.id, input.settlement, at: call.now)
        },
        Route(
            .post, path + "/{id}/release",
            "End a hold of which nothing was used, or whose usage is reported as an event",
            needs: callers
        ) { (call, input: HoldName) in
            try await budgets(call).release(input.id, at: call.now)
        },
    ]

    private static func budgets(_ call: Call) async throws -> BudgetService {
        try await call.ledger().budgets
    }

    private struct HoldInput: Input {
        static let body = BodyForm.object(bytesMax: bodyBytesMax)
        let wish: HoldWish

        init(_ given: Given) throws {
            let id = try given.member(
                required: "request_id", .text,
                "The caller's name for the call; the same one again is the same hold.")
            guard id.utf8.count <= Event.externalIDBytesMax, !id.isEmpty || given.isDescription
            else {
                throw Refusal.invalid(
                    "request_id must have 1 to \(Event.externalIDBytesMax) bytes",
                    param: "request_id")
            }
            var wish = try given.wish(named: id, or: try given.candidates())
            wish.call.isStreamed = try given.member(
                "stream", .flag,
                "Whether the answer is streamed; without it exactly the price of the usage is held."
            )
            wish.mayLower =
                try given.member(
                    "lower", .flag, "Whether fewer output tokens will do; see max_output_tokens.")
                ?? false
            self.wish = wish
        }
    }

    private struct ImpactInput: Input {
        static let body = BodyForm.object(bytesMax: bodyBytesMax)
        let wish: HoldWish
        let times: Int64

        init(_ given: Given) throws {
            wish = try given.wish(named: "planned")
            times =
                try given.member(
                    "times", .integer(in: 1...1_000_000_000), "How many such calls; default 1.")
                ?? 1
        }
    }

    private struct HoldName: Input {
        let id: String

        init(_ given: Given) throws {
            id = try given.path("id", .text, "The request_id of the hold.")
        }
    }

    private struct ExtendInput: Input {
        static let body = BodyForm.object(bytesMax: bodyBytesMax)
        let id: String
        let step: Int64
        let usage: Usage
        let cost: Picodollars?
        let mayLower: Bool

        init(_ given: Given) throws {
            id = try given.path("id", .text, "The request_id of the hold.")
            step = try given.member(
                required: "step", .integer(in: 1...1_000_000),
                "The caller's number of the extension; the same one again adds nothing.")
            usage = try given.member("usage", .usage, "What the next part may use.") ?? Usage()
            cost = try given.money("amount_usd", "The money, instead of usage.")
            mayLower =
                try given.member("lower", .flag, "Whether fewer output tokens will do.") ?? false
        }
    }

    private struct SettleInput: Input {
        static let body = BodyForm.object(bytesMax: bodyBytesMax)
        let id: String
        let settlement: Settlement

        init(_ given: Given) throws {
            id = try given.path("id", .text, "The request_id of the hold.")
            settlement = Settlement(
                usage: try given.member(required: "usage", .usage, "What the call used."),
                provider: try given.member("provider", .name, "The provider that answered."),
                model: try given.member("model", .name, "The model that answered."),
                status: try given.member(
                    "status", .integer(in: 100...599), "The HTTP status; 400 and up has failed."
                ).map { Int32($0) },
                errorType: try given.member("error_type", .name, "The kind of failure."),
                latency: try given.milliseconds("latency_ms", "The time of the whole answer."),
                timeToFirstToken: try given.milliseconds(
                    "time_to_first_token_ms", "The time to the first token."))
        }
    }
}

extension HoldWish {
    /// The wish of a caller, whose key is known from nobody else.
    fileprivate func asked(by caller: Caller) -> HoldWish {
        var wish = self
        wish.dimensions[.apiKey] = caller.key.map { Name($0.description) }
        return wish
    }
}

extension Given {
    /// What a call asks to set aside.
    fileprivate func wish(
        named id: String, or candidates: [HoldCandidate] = []
    ) throws -> HoldWish {
        let cost = try money("amount_usd", "The money, instead of usage and model.")
        let usage = try member(
            "usage", .usage,
            "The expected usage: input_tokens, and as output_tokens the most it may make.")
        let call = try holdCall()
        var dimensions = Dimensions()
        for (dimension, value) in try member(
            "dimensions", .map(of: .dimension, .name), "app, team, user … of the call.") ?? []
        {
            dimensions[dimension] = value
        }
        for dimension in [Dimension.provider, .model, .serviceTier, .region] {
            if let value = try member(
                dimension.name, .name, "The \(dimension.name) that is called.")
            {
                dimensions[dimension] = value
            }
        }
        if !candidates.isEmpty {
            for dimension in [Dimension.provider, .model] where dimensions[dimension] != nil {
                throw Refusal.invalid(
                    "give candidates or \(dimension.name), not both", param: dimension.name)
            }
        }
        if cost == nil, !isDescription {
            guard usage != nil else {
                throw Refusal.invalid("give usage, or amount_usd", param: "usage")
            }
            guard dimensions[.model] != nil || !candidates.isEmpty else {
                throw Refusal.invalid("model is missing: its price is held", param: "model")
            }
        }
        var wish = HoldWish(
            requestID: id, dimensions: dimensions, usage: usage ?? Usage(), cost: cost)
        wish.call = call
        wish.candidates = candidates
        return wish
    }

    /// The members of a request that decide how long its answers may be.
    private func holdCall() throws -> HoldCall {
        let tokens = Kind.integer(in: 0...Usage.countMax)
        let told = [
            try member("max_tokens", tokens, "The request's limit of output tokens."),
            try member(
                "max_completion_tokens", tokens,
                "The same; of both, and output_tokens, the largest."),
        ]
        return HoldCall(
            maxTokens: told.compactMap(\.self).max(),
            choices: try member(
                "n", .integer(in: 1...HoldCall.choicesMax), "How many answers; default 1.") ?? 1)
    }

    fileprivate func candidates() throws -> [HoldCandidate] {
        let candidates =
            try member(
                "candidates", .list(of: .candidate),
                "Who could answer, in order of preference, instead of provider and model.") ?? []
        guard candidates.count <= HoldWish.candidatesMax else {
            throw Refusal.invalid(
                "candidates has \(candidates.count): at most \(HoldWish.candidatesMax) may be named",
                param: "candidates")
        }
        return candidates
    }

    fileprivate func money(_ name: String, _ meaning: String) throws -> Picodollars? {
        guard let text = try member(name, .decimal, meaning) else { return nil }
        guard let amount = Int64(exactly: try WrittenAmounts.money(text, name).amount) else {
            throw HoldInvalid.tooMuch
        }
        return Picodollars(amount)
    }

    fileprivate func milliseconds(_ name: String, _ meaning: String) throws -> Int64? {
        try member(name, .number(in: 0...1e9), meaning).map { Int64($0 * 1_000) }
    }
}

extension Kind where Value == HoldCandidate {
    /// A provider and its model.
    static let candidate = Kind(
        schema: """
            {"type":"object","properties":{"provider":{"type":"string"},"model":{"type":"string"}},\
            "required":["provider","model"],"additionalProperties":false}
            """,
        sample: HoldCandidate(provider: "openai", model: "gpt-4o"),
        read: { written in
            guard case .json(let json) = written, let members = json.members, members.count == 2
            else { return nil }
            func name(_ key: String) -> Name? {
                json[key].flatMap { Kind<Name>.name.read(.json($0)) }
            }
            guard let provider = name("provider"), let model = name("model") else { return nil }
            return HoldCandidate(provider: provider, model: model)
        },
        expectation: { _ in
            "must list objects such as {\"provider\":\"openai\",\"model\":\"gpt-4o\"}"
        })
}

extension Kind where Value == Usage {
    /// Counts by unit, as in an event.
    static let usage = Kind(
        schema: #"{"type":"object","additionalProperties":{"type":"number","minimum":0}}"#,
        sample: Usage(),
        read: { written in
            guard case .json(let json) = written, let members = json.members else { return nil }
            var usage = Usage()
            for member in members {
                guard let unit = UsageUnit(name: member.key), case .number(var text) = member.value
                else { return nil }
                let scale = unit.scale == 1 ? 0 : 6
                let read = text.withUTF8 { ExactDecimal.read($0, scale: scale) }
                guard case .value(let count) = read, let count = Int64(exactly: count) else {
                    return nil
                }
                usage[unit] = count
            }
            return (try? usage.validate()) == nil ? nil : usage
        },
        expectation: { written in
            guard case .json(let json) = written, let members = json.members else {
                return "must be an object, not \(written.noun)"
            }
            let known = UsageUnit.allCases.map(\.name)
            if let unknown = members.map(\.key).first(where: { UsageUnit(name: $0) == nil }) {
                let help = Likeness.nearest(to: unknown, among: known)
                return "has no unit \(unknown.prefix(100)): "
                    + (help.map { "did you mean \($0)?" } ?? "use \(known.joined(separator: ", "))")
            }
            return "must have whole counts that do not contradict each other"
        })
}
