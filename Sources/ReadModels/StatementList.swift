import Estimating
import LedgerModel
import LedgerSQL
package import Postgres
import Subscriptions

/// One of each statement of this module: a test prepares them all against the migrated schema.
package let readModelStatements: [any Statement] = {
    let ledger = LedgerID(1)
    let name = "projection"
    let from = Timestamp(year: 2026, month: 1, day: 1)
    let to = Timestamp(year: 2026, month: 1, day: 2)
    var statements: [any Statement] = [
        ListExpected(projection: name),
        ReadPosition(ledger: ledger, projection: name),
        ReadProviders(query: ProviderQuery(ledger: ledger, from: from, to: to)),
        ReadUsers(query: UserQuery(ledger: ledger, from: from, to: to)),
        ReadUnpriced(query: UnpricedQuery(ledger: ledger, from: from, to: to)),
        ReadAnswers(query: AnswerQuery(ledger: ledger, from: from, to: to)),
        ReadLengths(
            query: LengthQuery(
                ledger: ledger, app: nil, feature: nil, model: "model",
                shape: PromptShape(inputTokens: 1), at: from)),
        ReadRatios(query: CalibrationQuery(ledger: ledger, at: from)),
        ReadSavings(query: SavingsQuery(ledger: ledger, by: [], from: from, to: to)),
        ReadStageSavings(query: SavingsQuery(ledger: ledger, by: [.stage], from: from, to: to)),
    ]
    // Were the query refused, the test would miss its statement.
    if let spend = try? SpendQuery(ledger: ledger, from: from, to: to) {
        statements.append(ReadSpend(query: spend))
    }
    statements += readModelStatements(of: ProviderUsage.self)
    statements += readModelStatements(of: Spend.self)
    statements += readModelStatements(of: UserUsage.self)
    statements += readModelStatements(of: Unpriced.self)
    statements += readModelStatements(of: Answers.self)
    statements += readModelStatements(of: TokenEstimates.self)
    statements += readModelStatements(of: PromptSavings.self)
    statements += readModelStatements(of: ExperimentUnits.self)
    return statements
}()

private func readModelStatements<Model: ReadModel>(of _: Model.Type) -> [any Statement] {
    let ledger = LedgerID(1)
    let range = EventRange(
        ledger: ledger, after: 0, upTo: 1, firstID: EventID(high: 1, low: 2),
        endID: EventID(high: 2, low: 2))
    return [
        Model.Fold(range: FoldRange(range, version: 1)),
        Model.Erase(page: ErasePage(ledger: ledger, version: 1, limit: 1)),
        Model.Conserved(subject: ConservedSubject(ledger: ledger, version: 1)),
    ]
}
