/// One book laid over another: what the upper one says holds, and the lower one says the rest.
extension PriceBook {
    /// This book, completed by what only the other one has.
    ///
    /// Providers come in this book's order, then those that only the other one has. A provider in
    /// both has its own models first and then the others, except those of the same id, which are
    /// replaced as a whole; whatever else it does not say (other names, sellers, factors of tiers
    /// and regions, extractors) is that of the provider below. Terms are this book's if it has
    /// any, and otherwise those below.
    ///
    /// - Throws: `PriceFileError` if a factor or a term of one layer has no exact form with a price
    ///   of the other.
    package func laid(over base: PriceBook) throws(PriceFileError) -> PriceBook {
        let below = Dictionary(
            base.providers.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let own = Set(providers.map(\.id))
        let merged =
            providers.map { provider in
                below[provider.id].map { provider.laid(over: $0) } ?? provider
            } + base.providers.filter { !own.contains($0.id) }
        let layered = PriceBook(
            name: nameOver(base), providers: merged, terms: terms.isEmpty ? base.terms : terms)
        // Read back, so that the layers together meet every rule of a price file.
        return try PriceFile.read(layered.canonicalText)
    }

    private static let joint = " over "
    private static let namesMax = 4

    /// The names of the layers from the top, each once; the last one stays if there are too many.
    private func nameOver(_ base: PriceBook) -> String {
        var names = base.name.split(separator: Self.joint).map(String.init).filter { $0 != name }
        if names.count >= Self.namesMax {
            names.removeSubrange((Self.namesMax - 2)..<(names.count - 1))
        }
        let text = ([name] + names).joined(separator: Self.joint)
        return text.utf8.count <= TallystickPrices.nameBytesMax ? text : name
    }
}

extension Provider {
    fileprivate func laid(over base: Provider) -> Provider {
        var merged = self
        merged.match = match ?? base.match
        merged.modelMatch = modelMatch ?? base.modelMatch
        if sameSellers.isEmpty { merged.sameSellers = base.sameSellers }
        if fallbacks.isEmpty { merged.fallbacks = base.fallbacks }
        merged.tierFactors.merge(base.tierFactors) { own, _ in own }
        merged.regionFactors.merge(base.regionFactors) { own, _ in own }
        if extractors.isEmpty { merged.extractors = base.extractors }
        let own = Set(models.map(\.id))
        merged.models += base.models.filter { !own.contains($0.id) }
        return merged
    }
}
