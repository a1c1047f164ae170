/// A provider as far as it must be known to choose it.
package struct RouteProvider: Sendable {
    /// The name in `providers.yaml`.
    package let name: String
    package let isAnthropic: Bool
    /// The provider's own names of models by those that callers may use.
    package let aliases: [String: String]
    /// At least one; a provider without keys has one without a name.
    package let keys: [Key]
    /// How often it is asked for its health; nil for never.
    package let checkedEvery: Duration?

    /// One of its keys.
    package struct Key: Sendable {
        package let name: String?
        /// Capacity that is paid for, used or not: taken before all others while it lasts.
        package let isProvisioned: Bool
        package let requestsPerMinute: Int?
        package let tokensPerMinute: Int?

        package init(
            name: String?, isProvisioned: Bool = false, requestsPerMinute: Int? = nil,
            tokensPerMinute: Int? = nil
        ) {
            self.name = name
            self.isProvisioned = isProvisioned
            self.requestsPerMinute = requestsPerMinute
            self.tokensPerMinute = tokensPerMinute
        }
    }

    package init(
        name: String, isAnthropic: Bool = false, aliases: [String: String] = [:],
        keys: [Key] = [], isProvisioned: Bool = false, checkedEvery: Duration? = nil
    ) {
        self.name = name
        self.isAnthropic = isAnthropic
        self.aliases = aliases
        self.keys = keys.isEmpty ? [Key(name: nil, isProvisioned: isProvisioned)] : keys
        self.checkedEvery = checkedEvery
    }
}

/// A candidate with what decides when it is asked.
struct RouteOption: Sendable {
    let candidate: RouteCandidate
    /// The number of its provider and key.
    let seat: Int
    /// Those with less are asked first; equal ones share.
    var rank: Rank

    struct Rank: Comparable, Sendable {
        /// Provisioned ones, others, then other models in their order.
        var group: Int
        /// Within the group.
        var value: Double

        static func < (a: Rank, b: Rank) -> Bool { (a.group, a.value) < (b.group, b.value) }
    }
}

/// Providers and their keys, by number.
struct RouteSeats: Sendable {
    struct Seat: Sendable {
        let provider: Int
        let key: RouteProvider.Key
        /// Of the names, for rendezvous.
        let hash: UInt64
    }

    let providers: [RouteProvider]
    private(set) var all: [Seat] = []
    /// The seats of each provider.
    private(set) var ranges: [Range<Int>] = []
    private var numbers: [String: Int] = [:]

    init(_ providers: [RouteProvider]) {
        self.providers = providers
        for (number, provider) in providers.enumerated() {
            let start = all.count
            for key in provider.keys {
                var hash = StableHash()
                hash.add(provider.name)
                hash.add(key.name ?? "")
                all.append(Seat(provider: number, key: key, hash: hash.value))
            }
            ranges.append(start..<all.count)
            if numbers[provider.name] == nil { numbers[provider.name] = number }
        }
    }

    func provider(_ name: String) -> Int? { numbers[name] }

    func seat(of candidate: RouteCandidate) -> Int? {
        guard let provider = numbers[candidate.provider] else { return nil }
        return ranges[provider].first { all[$0].key.name == candidate.key }
    }

    /// Who may be asked for a request, with no order yet but that of the route.
    ///
    /// Without a list in the route, those that have the model as an alias, or else the first that
    /// speaks the dialect.
    func options(_ request: RoutedRequest, _ route: RoutePolicy) -> [RouteOption] {
        var options: [RouteOption] = []
        for (place, provider) in asked(request, route).enumerated() {
            let model = providers[provider].aliases[request.model] ?? request.model
            add(provider, model, isFallback: false, group: 1, place: place, to: &options)
        }
        guard request.provider == nil else { return options }
        for (place, fallback) in route.fallbacks.enumerated() {
            guard let provider = numbers[fallback.provider],
                providers[provider].isAnthropic == request.isAnthropic
            else { continue }
            let model = providers[provider].aliases[fallback.model] ?? fallback.model
            add(provider, model, isFallback: true, group: 2 + place, place: 0, to: &options)
        }
        return options
    }

    private func asked(_ request: RoutedRequest, _ route: RoutePolicy) -> [Int] {
        func speaks(_ number: Int) -> Bool {
            providers[number].isAnthropic == request.isAnthropic
        }
        if let name = request.provider {
            return numbers[name].map { speaks($0) ? [$0] : [] } ?? []
        }
        if !route.providers.isEmpty {
            return route.providers.compactMap { numbers[$0] }.filter(speaks)
        }
        let speaking = providers.indices.filter(speaks)
        let knowing = speaking.filter { providers[$0].aliases[request.model] != nil }
        return knowing.isEmpty ? Array(speaking.prefix(1)) : knowing
    }

    private func add(
        _ provider: Int, _ model: String, isFallback: Bool, group: Int, place: Int,
        to options: inout [RouteOption]
    ) {
        for seat in ranges[provider] {
            let key = all[seat].key
            options.append(
                RouteOption(
                    candidate: RouteCandidate(
                        provider: providers[provider].name, key: key.name, model: model,
                        isFallback: isFallback),
                    seat: seat,
                    rank: .init(
                        group: key.isProvisioned && !isFallback ? 0 : group,
                        value: Double(place))))
        }
    }
}
