package import LedgerModel
import UsageExtraction

extension PriceBook {
    /// The provider and the model that a request means, by their ids in this book.
    ///
    /// Unites dated snapshots and other spellings of a model; nil for a model that the book lacks.
    package func ids(provider: Name?, model: Name) -> (provider: String, model: String)? {
        guard let found = try? find(provider: provider, model: model) else { return nil }
        return (found.provider.id, found.model.id)
    }

    /// Whether a provider has two models, by their ids, with the same price lists.
    package func pricesAlike(_ id: String, _ other: String, of provider: String) -> Bool {
        let models = providers.first { $0.id == provider }?.models ?? []
        let prices = [id, other].map { id in models.first { $0.id == id }?.prices }
        return prices[0] != nil && prices[0] == prices[1]
    }

    /// The id of the provider that a request names, or else that claims its model.
    package func providerID(_ provider: Name?, model: Name) -> String? {
        do throws(UnpricedReason) {
            return try find(provider: provider, model: model).provider.id
        } catch {
            guard case .unknownModel = error, let provider else { return nil }
            let name = LowercasedName(provider.string)
            return providers.first { $0.id == name.string }?.id
                ?? providers.first { $0.match?.matches(name) == true }?.id
        }
    }

    /// Every bound of input at which some price of the provider changes, ascending.
    package func inputBounds(of provider: String) -> [Int64] {
        let models = providers.first { $0.id == provider }?.models ?? []
        let rates = models.flatMap(\.prices).flatMap(\.rates)
        return Set(rates.flatMap { $0.steps.map(\.above) }).sorted()
    }
}
