import LedgerModel

/// The sellers in rows of other products.
enum ProviderNames {
    /// The provider's name in price books; nil if neither its name nor the model's tells.
    ///
    /// Both are in lower case. `azure/gpt-4o` names its own provider.
    static func provider(_ given: String?, model: String?) -> String? {
        if let given, !SellerNames.isRoute(given) { return SellerNames.name(given) }
        return model.flatMap { ModelNames.seller(of: $0) } ?? given
    }
}
