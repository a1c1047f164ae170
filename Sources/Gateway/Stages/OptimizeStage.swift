import Booking
import CacheServing
package import Estimates
import JSON
package import LedgerModel
import PriceBooks
import Pricing
import Prompts
package import Routing

extension SavingStages {
    /// The word among a route's stages that allows lossy ones.
    package static let lossyWord = "lossy"

    /// Prompts above this many bytes stay as they are: reading them would cost more time than
    /// their saving is worth waiting for.
    package static let optimizedBytesMax = 1 << 20

    // MARK: Optimise

    /// What a route asks of the optimizer: names of its stages, lossy ones only beside the word
    /// `lossy`; nil if it asks for nothing.
    ///
    /// - Throws: `TokenRefusal` for a name that is no stage, `OptimizationRefusal` for a lossy one
    ///   that is not allowed.
    package static func wish(of route: RoutePolicy) throws -> OptimizationWish? {
        guard !route.isOptimized.isEmpty else { return nil }
        var wish = OptimizationWish()
        wish.allowsLossy = route.isOptimized.contains(lossyWord)
        let names = route.isOptimized.filter { $0 != lossyWord }
        for name in names {
            guard let stage = OptimizationStage(rawValue: name) else {
                let known = OptimizationStage.allCases.map(\.rawValue).joined(separator: ", ")
                throw TokenRefusal(
                    "the route \(route.name) optimizes by \(name), which is no stage: use \(known)",
                    param: "optimize")
            }
            guard stage.isLossless || wish.allowsLossy else {
                throw OptimizationRefusal.lossyNotAllowed(stage)
            }
        }
        wish.stages = names.isEmpty ? nil : names
        return wish
    }

    /// Shortens the prompt by the stages that the route names; the body is written anew only if
    /// that made it shorter.
    ///
    /// A prompt that can't be read or made shorter stays as it is: nobody's request fails because
    /// of what should have saved money.
    ///
    /// - Returns: the `prompt.optimized`, for `book` once the request was made; nil if nothing
    ///   changed.
    package func optimize(
        _ request: inout GatewayRequest, _ route: RoutePolicy
    ) async throws -> Event? {
        guard !route.isOptimized.isEmpty, let json = request.json,
            request.body.count <= Self.optimizedBytesMax,
            let wish = try Self.wish(of: route), let chat = try? ChatRequest(json),
            let tools = try? tokens.tools(TokenSelection(), for: chat)
        else { return nil }
        let prices = try await ledgers?.openLedger(request.ledger).prices.schedule
        let now = now()
        guard
            let prompt = try? OptimizedPrompt.optimize(
                chat: chat, wish, tools, of: request.dimensions, under: prices ?? PriceSchedule([]),
                at: now),
            prompt.result.tokensAfter < prompt.result.tokensBefore, let body = prompt.body
        else { return nil }
        request.json = body
        request.body = Array(body.json.utf8)
        var event = try? prompt.event(id: makeID(), at: now, tools)
        event?.causeID = request.id
        return event
    }

    /// Books what a stage saved, once its request was made; nobody waits for it.
    package func book(_ saving: Event?, in ledger: LedgerID) async {
        if let saving { journal.note(saving, in: ledger) }
    }
}
