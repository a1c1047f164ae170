import HTTPTypes
import LoadManagement
import Rendering
import Routing

/// What instances have to do, for whom, and how many are wanted.
enum LoadRoutes {
    static let routes: [Route] = [
        Route(
            .get, "/api/v1/load",
            "Show this instance's load: classes, providers, and what each tenant had of it"
        ) { (call, input: TenantsInput) in
            ShownLoad(
                call.parts.load.report(of: call.caller.ledger, by: input.by), by: input.by)
        },
        Route(
            .get, "/api/v1/scaling",
            "Show how many instances are wanted, as an autoscaler reads it"
        ) { (call, _: Nothing) in
            ShownScaling(
                try await Fleet(pool: call.parts.pool).standing(at: call.now),
                under: call.parts.load.policy.scaling ?? ScalingPolicy())
        },
    ]

    private struct TenantsInput: Input {
        let by: TenantLoad.Kind

        init(_ given: Given) throws {
            by = try given.query("by", .word, "Whose shares are shown; default team.") ?? .team
        }
    }
}
