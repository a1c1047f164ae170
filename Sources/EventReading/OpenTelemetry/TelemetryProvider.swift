import LedgerModel

/// The seller of a call in telemetry.
enum TelemetryProvider {
    /// The provider; nil if neither the name nor the host tells.
    ///
    /// Many sellers are reached through OpenAI's client, and the clouds through Anthropic's too;
    /// their instrumentations then name the maker of the client: there a known host takes
    /// precedence. Frameworks that name only themselves leave it to the model's name.
    static func name(_ told: String?, host: String?, model: String?) -> String? {
        let named = told.map { SellerNames.name($0) }
        let behind = host.flatMap { SellerNames.seller(atHost: $0.lowercased()) }
        switch named {
        case nil, "openai": return behind ?? named
        case "anthropic": return behind.flatMap { clouds.contains($0) ? $0 : nil } ?? named
        case let named?:
            guard SellerNames.isRoute(named) else { return named }
            return behind ?? model.flatMap { ModelNames.road(of: $0.lowercased()) } ?? named
        }
    }

    private static let clouds: Set<String> = ["aws", "azure", "google"]
}
