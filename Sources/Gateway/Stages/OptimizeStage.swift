package import LedgerModel
package import Routing

extension SavingStages {
    /// Shortens the prompt by the stages that the route names; the body is written anew only if
    /// that made it shorter.
    ///
    /// - Returns: the `prompt.optimized`, for `book` once the request was made; nil if nothing
    ///   changed.
    package func optimize(
        _ request: inout GatewayRequest, _ route: RoutePolicy
    ) async throws -> Event? {
        nil
    }

    /// Books what a stage saved; nobody waits for it.
    package func book(_ saving: Event?, in ledger: LedgerID) async {}
}
