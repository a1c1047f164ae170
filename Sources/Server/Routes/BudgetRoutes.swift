import Access
import Booking
import Budgeting
import Budgets
import Calendars
import HTTPTypes
import LedgerModel
import Rendering

/// `/api/v1/budgets` and `/api/v1/me`: define, change and read.
enum BudgetRoutes {
    private static let path = "/api/v1/budgets"
    private static let bodyBytesMax = 1 << 16
    private static let membersMax = 1_000

    static let routes: [Route] = [
        Route(.get, path, "List the budgets and how they stand") { (call, _: Nothing) in
            let budgets = try await budgets(call)
            return Listing(
                try await budgets.marked(try await budgets.list(at: call.now), at: call.now))
        },
        Route(
            .post, path, "Define a budget, or change it", needs: .scope(.admin), status: .created
        ) { (call, input: NamedBudgetInput) in
            try await set(call, input.budget, input.reason)
        },
        Route(.get, path + "/{name}", "Show a budget, its fullest members first") {
            (call, input: ShowInput) in
            let budgets = try await budgets(call)
            let shown = try await budgets.show(input.name, at: call.now, limit: input.limit)
            return Listing(try await budgets.marked(shown, at: call.now))
        },
        Route(.put, path + "/{name}", "Define this budget, or change it", needs: .scope(.admin)) {
            (call, input: BudgetInput) in
            try await set(call, input.budget, input.reason)
        },
        Route(.delete, path + "/{name}", "Remove a budget", needs: .scope(.admin)) {
            (call, input: ReasonedInput) in
            try await change(call, input.name, .remove, input.reason)
        },
        Route(
            .post, path + "/{name}/top-up", "Add to the limits of a budget for good",
            needs: .scope(.admin)
        ) { (call, input: MoreInput) in
            try await change(call, input.name, .topUp(input.more.amounts()), input.reason)
        },
        Route(
            .post, path + "/{name}/override", "Raise the limits of a budget for a while",
            needs: .scope(.admin)
        ) { (call, input: OverrideInput) in
            try await change(
                call, input.more.name, .override(input.more.more.amounts(), input.until),
                input.more.reason)
        },
        Route(
            .post, path + "/{name}/reset", "Let a budget begin anew now", needs: .scope(.admin)
        ) { (call, input: ReasonedInput) in
            try await change(call, input.name, .reset, input.reason)
        },
        Route(.get, path + "/{name}/history", "List the changes of a budget") {
            (call, input: BudgetName) in
            Listing(try await budgets(call).history(input.name))
        },
        Route(
            .get, "/api/v1/me", "The budgets that count the caller's requests",
            needs: .key([.read, .ingest, .gateway, .admin])
        ) { (call, input: MeInput) in
            var dimensions = input.dimensions
            dimensions[.apiKey] = call.caller.key.map { Name($0.description) }
            return Listing(try await budgets(call).standing(of: dimensions, at: call.now))
        },
    ]

    private static func budgets(_ call: Call) async throws -> BudgetService {
        try await call.ledger().budgets
    }

    private static func set(
        _ call: Call, _ budget: WrittenBudget, _ reason: String?
    ) async throws -> BudgetStatus {
        let zone = try await call.parts.directory.zone(of: call.caller.ledger)
        return try await change(
            call, budget.name, .set(try budget.definition(in: zone)), reason)
    }

    private static func change(
        _ call: Call, _ name: String, _ change: BudgetChange, _ reason: String?
    ) async throws -> BudgetStatus {
        try await budgets(call).change(
            name, change, by: call.caller.name, reason: reason, at: call.now)
    }

    // MARK: Inputs

    private struct NamedBudgetInput: Input {
        static let body = BodyForm.object(bytesMax: bodyBytesMax)
        let budget: WrittenBudget
        let reason: String?

        init(_ given: Given) throws {
            let name = try given.member(required: "name", .text, "Its name.")
            (budget, reason) = try given.budget(name)
        }
    }

    private struct BudgetInput: Input {
        static let body = BodyForm.object(bytesMax: bodyBytesMax)
        let budget: WrittenBudget
        let reason: String?

        init(_ given: Given) throws {
            (budget, reason) = try given.budget(try given.path("name", .text, "Its name."))
        }
    }

    private struct BudgetName: Input {
        let name: String

        init(_ given: Given) throws {
            name = try given.path("name", .text, "The budget.")
        }
    }

    private struct ShowInput: Input {
        let name: String
        let limit: Int

        init(_ given: Given) throws {
            name = try given.path("name", .text, "The budget.")
            limit =
                try given.query("limit", .count(in: 1...membersMax), "Members; default 100.")
                ?? 100
        }
    }

    private struct ReasonedInput: Input {
        let name: String
        let reason: String?

        init(_ given: Given) throws {
            name = try given.path("name", .text, "The budget.")
            reason = try given.query("reason", .text, "Why; kept in its history.")
        }
    }

    private struct MoreInput: Input {
        static let body = BodyForm.object(bytesMax: bodyBytesMax)
        let name: String
        let more: WrittenAmounts
        let reason: String?

        init(_ given: Given) throws {
            name = try given.path("name", .text, "The budget.")
            more = try given.writtenAmounts("What is added")
            reason = try given.member("reason", .text, "Why; kept in its history.")
        }
    }

    private struct OverrideInput: Input {
        static let body = BodyForm.object(bytesMax: bodyBytesMax)
        let more: MoreInput
        let until: BudgetChange.Until

        init(_ given: Given) throws {
            more = try MoreInput(given)
            let time = try given.member(
                "until", .time(.end, at: given.now, in: given.zone), "The end.")
            let windows = try given.member(
                "windows", .integer(in: 1...1_000), "The present window and some further ones.")
            switch (time, windows) {
            case (let time?, nil): until = .time(time)
            case (nil, let windows?): until = .windows(Int(windows))
            case (nil, nil) where given.isDescription: until = .windows(1)
            default: throw Refusal.invalid("give until or windows", param: "until")
            }
        }
    }

    private struct MeInput: Input {
        let dimensions: Dimensions

        init(_ given: Given) throws {
            var dimensions = Dimensions()
            for dimension in Dimension.allCases where dimension != .apiKey {
                dimensions[dimension] = try given.query(
                    dimension.name, .name, "The requests' \(dimension.name).")
            }
            self.dimensions = dimensions
        }
    }
}

extension Given {
    fileprivate func budget(_ name: String) throws -> (WrittenBudget, String?) {
        var budget = WrittenBudget(
            name: name, limits: try writtenAmounts("The limit of each window"))
        budget.window =
            try member(
                "window", .text, "month (default), day, 2 weeks, 5h, total, rolling 7 days …")
            ?? "month"
        budget.starts = try member("starts", .text, "A day on which some window begins.")
        budget.zone = try member("zone", .text, "The time zone; default the ledger's.")
        let filter = try member(
            "filter", .map(of: .text, .text), "Dimensions that requests must have.")
        budget.filter = filter?.map { (dimension: $0.key, value: $0.value) } ?? []
        budget.each = try member("each", .text, "Each value of this dimension has the limits.")
        budget.enforcement =
            try member("enforcement", .text, "hard (default), soft or shadow.") ?? "hard"
        budget.hold =
            try member("hold", .text, "How much is held: stream (default), expected or strict.")
            ?? "stream"
        budget.slice = try member(
            "slice", .integer(in: 1...HoldRule.sliceMax),
            "Output tokens held ahead of a stream; default \(HoldRule.sliceDefault).")
        budget.reserve = try member(
            "reserve", .integer(in: 0...HoldRule.reserveMax),
            "Percent of the limits that only settlements may use; default 5 with expected, else 0.")
        budget.holdSeconds = try member(
            "hold_seconds", .integer(in: 1...Int64(BudgetDefinition.holdSecondsMax)),
            "After which a hold without an outcome expires; default 600.")
        budget.leases =
            try member("lease", .flag, "Whether instances hold from memory; default false.")
            ?? false
        return (budget, try member("reason", .text, "Why; kept in its history."))
    }

    fileprivate func writtenAmounts(_ what: String) throws -> WrittenAmounts {
        WrittenAmounts(
            usd: try member("usd", .decimal, "\(what), in USD, as text or a number."),
            tokens: try member("tokens", .integer(in: 1...Int64.max), "\(what), in tokens."),
            requests: try member("requests", .integer(in: 1...Int64.max), "\(what), in requests."))
    }
}

extension Kind where Value == String {
    /// A decimal number, as text or as a number; it is read exactly.
    static let decimal = Kind(
        schema: #"{"type":["string","number"]}"#, sample: "1",
        read: { $0.number ?? $0.string },
        expectation: { _ in "must be an amount such as \"12.50\"" })
}
