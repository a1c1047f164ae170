import Access
import Booking
import EventStore
import Experimenting
import Experiments
import HTTPTypes
import LedgerModel
import Rendering

/// `/api/v1/experiments`: define, list, show, assign and stop.
enum ExperimentRoutes {
    private static let path = "/api/v1/experiments"
    private static let bodyBytesMax = 1 << 16

    static let routes: [Route] = [
        Route(.get, path, "List the experiments") { (call, _: Nothing) in
            Listing(try await experiments(call).list())
        },
        Route(
            .post, path, "Define an experiment, or change its weights", needs: .scope(.admin),
            status: .created, define),
        Route(.get, path + "/{name}", "Compare the arms of an experiment") {
            (call, input: ExperimentInput) in
            try await experiments(call).report(input.name)
        },
        Route(.get, path + "/{name}/assign", "Assign a unit to an arm", assign),
        Route(
            .post, path + "/{name}/stop", "Stop an experiment", needs: .scope(.admin), stop),
    ]

    private static func experiments(_ call: Call) async throws -> ExperimentService {
        ExperimentService(ledger: try await call.ledger().store, pool: call.parts.pool)
    }

    private struct ExperimentInput: Input {
        let name: String

        init(_ given: Given) throws {
            name = try given.path("name", .text, "The experiment.")
        }
    }

    private struct DefinitionInput: Input {
        static let body = BodyForm.object(bytesMax: bodyBytesMax)
        let name: String
        let arms: String
        let unit: String
        let metrics: String
        let errorRate: String?
        let unitsMin: Int64?

        init(_ given: Given) throws {
            name = try given.member(required: "name", .text, "Its name.")
            arms = try given.member(
                required: "arms", .text, "Arms and their weights, such as control=50,short=50.")
            unit = try given.member(required: "unit", .text, "request, session or user.")
            metrics = try given.member(
                required: "metrics", .text, "Metrics and smallest effects, such as cost:5%.")
            errorRate = try given.member("error_rate", .text, "From 0.001 to 0.2.")
            unitsMin = try given.member(
                "units_min", .integer(in: Int64.min...Int64.max), "Units per arm before a stop.")
        }
    }

    private static func define(_ call: Call, _ input: DefinitionInput) async throws -> Experiment {
        let definition = try ExperimentDefinition(
            name: input.name, arms: input.arms, unit: input.unit, metrics: input.metrics,
            errorRate: input.errorRate, unitsMin: input.unitsMin)
        return try await experiments(call).define(definition, at: call.now)
    }

    private struct AssignmentInput: Input {
        let name: String
        let unit: String

        init(_ given: Given) throws {
            name = try given.path("name", .text, "The experiment.")
            unit = try given.query("unit", .text, "The id of a request, session or user.") ?? ""
        }
    }

    private static func assign(_ call: Call, _ input: AssignmentInput) async throws -> AssignedArm {
        let experiment = try await experiments(call).find(input.name)
        return AssignedArm(
            try experiment.arm(of: Name(input.unit)), of: input.unit, in: experiment)
    }

    private struct StopInput: Input {
        static let body = BodyForm.object(bytesMax: bodyBytesMax)
        let name: String
        let winner: String
        let reason: String

        init(_ given: Given) throws {
            name = try given.path("name", .text, "The experiment.")
            winner = try given.member(required: "winner", .text, "The arm to keep.")
            reason = try given.member("reason", .text, "The reason; default: by hand.") ?? "by hand"
        }
    }

    private static func stop(_ call: Call, _ input: StopInput) async throws -> Experiment {
        let service = try await experiments(call)
        return try await service.stop(
            try await service.find(input.name), keeping: Name(input.winner), reason: input.reason,
            at: call.now)
    }
}
