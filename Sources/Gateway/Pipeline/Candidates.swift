import Budgeting
import HTTPTypes
import JSON
import LedgerModel
import LoadManagement
import NIOCore
import Providers
import Routing

extension GatewayService {
    /// Who is asked first.
    func chosen(for life: RequestLife) throws -> RouteCandidate {
        if let first = load.choose(life.routed, life.route, tried: [])?.candidate { return first }
        if clients.set.all.isEmpty { throw NobodyAnswers.noProviders }
        if let name = life.routed.provider, clients.set[name] == nil {
            throw NobodyAnswers.unknownProvider(name)
        }
        // All of them fail, or have no room: that passes.
        if let refusal = load.refusal(life.routed, life.route) { throw refusal }
        throw NobodyAnswers.noneFor(model: life.request.model)
    }

    /// Who could answer, by their names in the price book: money is held for the dearest.
    func holdCandidates(_ first: RouteCandidate, _ route: RoutePolicy) -> [HoldCandidate] {
        let others = route.fallbacks.map {
            RouteCandidate(provider: $0.provider, key: nil, model: $0.model, isFallback: true)
        }
        return ([first] + others).prefix(HoldWish.candidatesMax).compactMap { candidate in
            clients.set[candidate.provider].map {
                HoldCandidate(provider: $0.prices, model: Name(candidate.model))
            }
        }
    }

    /// The candidate that money is held for: a control or a budget may ask for another one.
    func candidate(
        _ wanted: RouteCandidate, heldFor held: HoldCandidate?, _ life: inout RequestLife
    ) -> RouteCandidate {
        guard let held else { return wanted }
        let isWanted =
            clients.set[wanted.provider]?.prices == held.provider
            && Name(wanted.model) == held.model
        if isWanted { return wanted }
        let model = held.model.string
        let named = life.route.fallbacks.first {
            $0.model == model && clients.set[$0.provider]?.prices == held.provider
        }?.provider
        let same = [wanted.provider] + clients.set.all.map(\.name)
        guard
            let provider = named
                ?? same.first(where: { clients.set[$0]?.prices == held.provider })
        else { return wanted }
        life.routed = RoutedRequest(life.request, model: model)
        return RouteCandidate(
            provider: provider, key: provider == wanted.provider ? wanted.key : nil, model: model,
            isFallback: true)
    }

    /// How candidates are called.
    func failover(
        _ life: RequestLife, _ expected: ExpectedUsage, _ form: CallForm, _ open: OpenRequest?
    ) -> Failover {
        mightHedge(life.route)
        return Failover(
            load: load, routed: life.routed, route: life.route,
            attempt: { [clients, books] number, candidate in
                clients[candidate.provider].map { client in
                    Attempt(
                        number: number, request: life.request, candidate: candidate,
                        client: client, expected: expected, form: form
                    ) { tokens in
                        if let open, !open.covers(tokens) { try await books.cover(open, tokens) }
                    }
                }
            },
            wait: { [weak self] in try await self?.wait(before: $0, $1) },
            mayHedge: { [weak self] in self?.mayHedge(life.route) ?? false })
    }

    /// From here on a silence of a stream is filled.
    func allowPings(_ pipe: AnswerPipe, _ life: RequestLife) {
        guard life.request.isStreamed, life.request.api.dialect != nil,
            let time = life.route.ping
        else { return }
        var headers = life.headers
        headers[.contentType] = "text/event-stream"
        pipe.ping(
            every: time, ErrorEvent.ping(life.request.api),
            under: GatewayAnswer(status: 200, headers: headers, body: .whole(ByteBuffer())))
    }
}

extension RoutedRequest {
    /// What of a request decides who answers it.
    init(_ request: GatewayRequest, model: String) {
        self.init(
            ledger: request.ledger, path: request.api.path,
            isAnthropic: request.api.speaking == .anthropic, model: model,
            dimensions: request.dimensions)
        labels = request.labels
        isStreamed = request.isStreamed
        // Four bytes of a prompt are about a token; the budget's estimate is better, and dearer.
        tokens = Int64(request.body.count / 4)
        priority = request.headers[.tallyPriority].map { Name($0) }
        provider = request.headers[.tallyProvider]
        affinity.session = request.dimensions[.session]
        affinity.promptCacheKey = request.json?["prompt_cache_key"]?.string
        if affinity.session == nil, affinity.promptCacheKey == nil, let json = request.json {
            affinity.prefix = StablePrefix.hash(of: json)
        }
    }
}

extension RoutePolicy {
    /// Whether its requests may wait for others, or get their answers.
    var sharesCalls: Bool { coalesces || schedules || mergesEmbeddings }
}
