import LedgerModel
package import UsageExtraction

/// A model found for a request.
struct FoundModel {
    let provider: Provider
    let model: Model
    /// The model is another provider's, sold by this one: only its standard prices are known.
    let isBorrowed: Bool
    /// The rules that found it.
    var trail: LookupTrail

    /// The factor for a region that no list names: the model's own, else the provider's.
    func factor(of region: String) -> Factor? {
        let own = isBorrowed ? [:] : model.regionFactors
        return own[region] ?? own["*"] ?? provider.regionFactors[region]
    }
}

/// The rules that found a provider and a model, for people who ask why.
package struct LookupTrail: Hashable, Sendable {
    package enum ProviderRule: Hashable, Sendable {
        case id
        case match(MatchClause)
        /// The request named no provider, and this one claims the model.
        case claimsModel(MatchClause)
    }

    package var providerRule: ProviderRule
    /// The provider's name as looked up; nil if the request named none.
    package var providerName: String?
    /// The model's name as looked up: in lower case, without a provider prefix, with dates written
    /// out.
    package var modelName: String
    package var modelRule: MatchClause
    /// The owner of the model, if the provider only resells it.
    package var borrowedFrom: String?
}

extension PriceBook {
    /// Finds the model that a request means, as genai-prices 0.2.3 does (`find_provider_model`),
    /// under every name that `ModelNames` knows for it.
    ///
    /// A provider is found by its id, then by its match clause, in the book's order, then by other
    /// spellings of its name; without a name, by the model it claims. The provider `litellm` means
    /// that the model's name begins with the provider. The first model that matches wins, then
    /// those of the fallback providers.
    func find(provider: Name?, model: Name) throws(UnpricedReason) -> FoundModel {
        let told = provider.map { LowercasedName(trimmed($0.string)).string }
        let readings = ModelNames.readings(of: LowercasedName(model.string).string, by: told) {
            word in self.provider(named: LowercasedName(word)) != nil
        }
        var asked: [Provider] = []
        for reading in readings {
            for (seller, rule) in sellers(named: reading.seller, of: reading.model) {
                if let found = match(reading, in: seller, by: rule) { return found }
                asked.append(seller)
            }
        }
        let last = readings.last?.model ?? model.string
        guard !asked.isEmpty else {
            throw .unknownProvider(
                provider ?? Name(""), model: model,
                nearest: told.flatMap { nearest(toProvider: $0) })
        }
        throw .unknownModel(
            model, provider: provider ?? Name(asked[0].id), nearest: nearest(to: last, of: asked))
    }

    private func match(
        _ reading: ModelNames.Reading, in seller: Provider, by rule: LookupTrail.ProviderRule
    ) -> FoundModel? {
        // Gateways write compact dates: `gpt-5.2-20251211` is `gpt-5.2-2025-12-11`.
        let dated = withDashedDates(reading.model)
        for name in dated == reading.model ? [reading.model] : [reading.model, dated] {
            let name = LowercasedName(name)
            guard let (model, owner) = match(name, in: seller) else { continue }
            return FoundModel(
                provider: seller, model: model, isBorrowed: owner != nil,
                trail: LookupTrail(
                    providerRule: rule, providerName: reading.seller, modelName: name.string,
                    modelRule: model.match, borrowedFrom: owner))
        }
        return nil
    }

    /// The providers that a name means: itself first, then the other names of the same seller.
    private func sellers(
        named provider: String?, of model: String
    ) -> [(Provider, LookupTrail.ProviderRule)] {
        guard let provider else {
            let name = LowercasedName(model)
            for provider in providers {
                if let claim = provider.modelMatch, claim.matches(name) {
                    return [(provider, .claimsModel(claim))]
                }
            }
            return []
        }
        var found = self.provider(named: LowercasedName(provider)).map { [$0] } ?? []
        guard let name = SellerNames.known(provider) else { return found }
        let root = SellerNames.root(name)
        let others = providers.filter { other in
            SellerNames.exact(other.id).map { SellerNames.root($0) } == root
        }
        // The one name comes before other spellings of it.
        for other in others.filter({ $0.id == name }) + others
        where !found.contains(where: { $0.0.id == other.id }) {
            found.append((other, .id))
        }
        return found
    }

    private func provider(named name: LowercasedName) -> (Provider, LookupTrail.ProviderRule)? {
        if let provider = providers.first(where: { $0.id == name.string }) {
            return (provider, .id)
        }
        for provider in providers {
            if let match = provider.match, match.matches(name) {
                return (provider, .match(match))
            }
        }
        return nil
    }

    /// The first matching model, and its owner's id if that is another provider.
    private func match(
        _ name: LowercasedName, in seller: Provider
    ) -> (model: Model, owner: String?)? {
        if let model = seller.models.first(where: { $0.match.matches(name) }) {
            return (model, nil)
        }
        for id in seller.sameSellers {
            let other = providers.first { $0.id == id }
            if let model = other?.models.first(where: { $0.match.matches(name) }) {
                return (model, nil)
            }
        }
        for id in seller.fallbacks {
            let owner = providers.first { $0.id == id }
            if let model = owner?.models.first(where: { $0.match.matches(name) }) {
                return (model, id)
            }
        }
        return nil
    }
}

private func trimmed(_ text: String) -> String {
    var rest = Substring(text)
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
}

/// Writes `-20251211` as `-2025-12-11` if it is a date that ends a word.
func withDashedDates(_ name: String) -> String {
    let bytes = Array(name.utf8)
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
        if let date = compactDate(in: bytes, at: index) {
            result += date.utf8
            index += 9
        } else {
            result.append(bytes[index])
            index += 1
        }
    }
    return String(decoding: result, as: UTF8.self)
}

private func compactDate(in bytes: [UInt8], at start: Int) -> String? {
    guard bytes[start] == UInt8(ascii: "-"), start + 9 <= bytes.count else { return nil }
    let digits = bytes[start + 1..<start + 9]
    let endsWord =
        start + 9 == bytes.count || bytes[start + 9] == UInt8(ascii: "-")
        || bytes[start + 9] == UInt8(ascii: ":")
    guard endsWord, digits.starts(with: "20".utf8),
        digits.allSatisfy({ (48...57).contains($0) })
    else { return nil }
    let text = String(decoding: digits, as: UTF8.self)
    let date = "\(text.prefix(4))-\(text.dropFirst(4).prefix(2))-\(text.suffix(2))"
    guard Timestamp(rfc3339: date, zoneIsOptional: true) != nil else { return nil }
    return "-" + date
}
