import Access
import Booking
import Experimenting
import Experiments
import Foundation
import Hummingbird
import JSON
import LedgerModel

/// `/api/v1/experiments`: define, list, show, assign and stop.
struct ExperimentRoutes: Sendable {
    let parts: ServerParts

    private static let bodyBytesMax = 1 << 16

    func add(to router: Router<TallyContext>) {
        router.get("/api/v1/experiments") { request, _ in try await list(request) }
        router.post("/api/v1/experiments") { request, _ in try await define(request) }
        router.get("/api/v1/experiments/:name") { try await show($0, $1) }
        router.get("/api/v1/experiments/:name/assign") { try await assign($0, $1) }
        router.post("/api/v1/experiments/:name/stop") { try await stop($0, $1) }
    }

    private func service(_ request: Request, needs scope: KeyScope) async throws
        -> ExperimentService
    {
        let caller = try await parts.access.caller(key: request.apiKey, needs: scope)
        let service = try await parts.ledgers.openLedger(caller.ledger)
        return ExperimentService(ledger: service.store, pool: parts.pool)
    }

    private func name(_ context: TallyContext) -> String {
        let raw = context.parameters.get("name") ?? ""
        return raw.removingPercentEncoding ?? raw
    }

    private func list(_ request: Request) async throws -> Response {
        let experiments = try await service(request, needs: .read).list()
        var json = JSONWriter()
        json.object { json in
            json.key("experiments")
            json.array(of: experiments) { $0.experiment($1) }
        }
        return .json(json)
    }

    private struct Definition: Decodable {
        let name: String
        let arms: String
        let unit: String
        let metrics: String
        let errorRate: String?
        let unitsMin: Int64?

        enum CodingKeys: String, CodingKey {
            case name, arms, unit, metrics
            case errorRate = "error_rate"
            case unitsMin = "units_min"
        }
    }

    private func define(_ request: Request) async throws -> Response {
        let service = try await service(request, needs: .admin)
        let body = try await decode(
            Definition.self, from: request,
            expecting: "name, arms, unit and metrics are texts, such as {\"name\":\"tone\","
                + "\"arms\":\"control=50,short=50\",\"unit\":\"user\",\"metrics\":\"cost:5%\"}; "
                + "error_rate is a text and units_min a number")
        let definition = try refusing {
            try ExperimentDefinition(
                name: body.name, arms: body.arms, unit: body.unit, metrics: body.metrics,
                errorRate: body.errorRate, unitsMin: body.unitsMin)
        }
        let experiment = try await answering {
            try await service.define(definition, at: parts.now())
        }
        var json = JSONWriter()
        json.experiment(experiment)
        return .json(json, status: .created)
    }

    private func show(_ request: Request, _ context: TallyContext) async throws -> Response {
        let service = try await service(request, needs: .read)
        let report = try await answering { try await service.report(name(context)) }
        var json = JSONWriter()
        json.experiment(report)
        return .json(json)
    }

    private func assign(_ request: Request, _ context: TallyContext) async throws -> Response {
        let service = try await service(request, needs: .read)
        let experiment = try await answering { try await service.find(name(context)) }
        let unit = String(Query(request)["unit"] ?? "")
        let arm = try refusing { try experiment.arm(of: Name(unit)) }
        var json = JSONWriter()
        json.assignment(of: unit, to: arm, in: experiment)
        return .json(json)
    }

    private struct Stop: Decodable {
        let winner: String
        let reason: String?
    }

    private func stop(_ request: Request, _ context: TallyContext) async throws -> Response {
        let service = try await service(request, needs: .admin)
        let body = try await decode(
            Stop.self, from: request, expecting: "winner, and reason if there is one, are texts")
        let stopped = try await answering {
            try await service.stop(
                try await service.find(name(context)), keeping: Name(body.winner),
                reason: body.reason ?? "by hand", at: parts.now())
        }
        var json = JSONWriter()
        json.experiment(stopped)
        return .json(json)
    }

    // MARK: Answers

    private func decode<T: Decodable>(
        _ type: T.Type, from request: Request, expecting shape: String
    ) async throws -> T {
        let body = try await request.body.collect(upTo: Self.bodyBytesMax)
        do {
            return try JSONDecoder().decode(T.self, from: Data(body.readableBytesView))
        } catch is DecodingError {
            throw Failure.invalid("the body is a JSON object: \(shape)")
        }
    }

    private func refusing<T>(_ body: () throws -> T) throws -> T {
        do { return try body() } catch let refusal as ExperimentRefusal { throw Failure(refusal) }
    }

    private func answering<T>(_ body: () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch let refusal as ExperimentRefusal {
            throw Failure(refusal)
        } catch let contended as ContendedExperiment {
            throw Failure(status: .conflict, type: "conflict", message: "\(contended)")
        }
    }
}

extension Failure {
    fileprivate init(_ refusal: ExperimentRefusal) {
        switch refusal {
        case .unknown(let name): self = .notFound("there is no experiment \(name)")
        case .otherRules, .alreadyStopped:
            self.init(status: .conflict, type: "conflict", message: "\(refusal)")
        default: self = .invalid("\(refusal)")
        }
    }
}
