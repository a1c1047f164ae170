package import JSON
package import Providers
import Synchronization

/// The models that providers name, for a while.
final class ModelLists: Sendable {
    /// How long a list is true.
    static let ageMax: Duration = .seconds(60)

    private let known = Mutex<[ModelProvider.Dialect: Known]>([:])

    private struct Known {
        let models: [JSONTree]
        let until: ContinuousClock.Instant
    }

    func list(
        _ dialect: ModelProvider.Dialect, _ make: () async -> [JSONTree]
    ) async -> [JSONTree] {
        let found = known.withLock { $0[dialect] }
        if let found, found.until > .now { return found.models }
        let models = await make()
        known.withLock { $0[dialect] = Known(models: models, until: .now + Self.ageMax) }
        return models
    }
}

extension GatewayService {
    /// The models that can be asked: those that providers list, and the names that a file gives them.
    ///
    /// A provider that doesn't answer is left out.
    package func models(
        speaking dialect: ModelProvider.Dialect
    ) async -> [JSONTree] {
        await lists.list(dialect) {
            let providers = clients.set.all.filter { $0.kind.dialect == dialect }
            let listed = await withTaskGroup(of: (Int, [JSONTree]).self) { tasks in
                for (index, provider) in providers.enumerated() {
                    guard let client = clients[provider.name] else { continue }
                    tasks.addTask { (index, await Self.models(of: client)) }
                }
                return await tasks.reduce(into: [Int: [JSONTree]]()) { $0[$1.0] = $1.1 }
            }
            var (models, ids) = ([JSONTree](), Set<String>())
            for (index, provider) in providers.enumerated() {
                let aliases = provider.aliases.keys.sorted().map {
                    Self.model($0, of: provider)
                }
                for model in aliases + (listed[index] ?? []) {
                    guard let id = model["id"]?.string, ids.insert(id).inserted else { continue }
                    models.append(model)
                }
            }
            return models
        }
    }

    private static func models(of client: ProviderClient) async -> [JSONTree] {
        guard let answer = try? await client.call(ProviderCall("/v1/models")),
            answer.status == 200, let json = try? JSONTree(parsing: answer.body)
        else { return [] }
        return json["data"]?.items ?? []
    }

    /// An alias in the shape of its provider's own models.
    private static func model(
        _ alias: String, of provider: ModelProvider
    ) -> JSONTree {
        switch provider.kind.dialect {
        case .anthropic:
            .object([
                .init("type", .text("model")), .init("id", .text(alias)),
                .init("display_name", .text(alias)),
                .init("created_at", .text("1970-01-01T00:00:00Z")),
            ])
        case .openAI:
            .object([
                .init("id", .text(alias)), .init("object", .text("model")),
                .init("created", .number("0")), .init("owned_by", .text(provider.name)),
            ])
        }
    }
}
