import Access
import Booking
import Budgeting
import Budgets
import HTTPTypes
import LedgerModel
import Rendering

/// `/api/v1/controls`: define, list and remove.
enum ControlRoutes {
    private static let path = "/api/v1/controls"

    static let routes: [Route] = [
        Route(.get, path, "List the controls in their order") { (call, _: Nothing) in
            Listing(try await call.ledger().budgets.controls())
        },
        Route(
            .post, path, "Define the controls of a file, all or none", needs: .scope(.admin),
            status: .created
        ) { (call, input: FileInput) in
            let policy = try BudgetPolicyFile.read(input.text)
            guard policy.budgets.isEmpty else {
                throw Refusal.invalid(
                    "the file has budgets: define each of them with POST /api/v1/budgets",
                    param: "budgets")
            }
            return Listing(
                try await call.ledger().budgets.apply(
                    policy.controls, by: call.caller.name, reason: input.reason, at: call.now))
        },
        Route(.delete, path + "/{name}", "Remove a control", needs: .scope(.admin)) {
            (call, input: RemoveInput) in
            try await call.ledger().budgets.removeControl(
                input.name, by: call.caller.name, reason: input.reason, at: call.now)
            return Done("removed", input.name)
        },
    ]

    private struct FileInput: Input {
        static let body = BodyForm.file(
            bytesMax: 1 << 16, types: ["application/yaml", "application/json"],
            meaning: "A file of controls.")
        let text: String
        let reason: String?

        init(_ given: Given) throws {
            text = String(decoding: given.file, as: UTF8.self)
            reason = try given.query("reason", .text, "Why; kept in the ledger.")
        }
    }

    private struct RemoveInput: Input {
        let name: String
        let reason: String?

        init(_ given: Given) throws {
            name = try given.path("name", .text, "The control.")
            reason = try given.query("reason", .text, "Why; kept in the ledger.")
        }
    }
}
