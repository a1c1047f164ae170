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
    let range = EventRange(
        ledger: ledger, after: 0, upTo: 1, firstID: EventID(high: 1, low: 2),
        endID: EventID(high: 2, low: 2))
    let id = EventID(high: 1, low: 2)
    var statements: [any Statement] = [
        AnalyzeTables(),
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
        ReadCacheUse(query: CacheUseQuery(ledger: ledger, days: DayRange(from: from, to: to))),
        ReadAnswerLengths(query: AnswerQuery(ledger: ledger, from: from, to: to)),
        ReadRatios(query: CalibrationQuery(ledger: ledger, at: from)),
        ReadErrors(query: ErrorQuery(ledger: ledger, from: from, to: to)),
        ReadSavings(query: SavingsQuery(ledger: ledger, by: [], from: from, to: to)),
        FindNamedEvents(ledger: ledger, ids: [id]),
        FindDimensionSets(ledger: ledger, levels: [1], digests: [.zero]),
        AddDimensionSets(
            ledger: ledger, levels: [1], digests: [.zero], columns: KeyColumn.all.map { _ in [nil] }
        ),
        FoldExperimentUnits(range: range, version: 1, found: ScanFindings()),
        EraseExperimentUnits(page: ErasePage(ledger: ledger, version: 1, limit: 1)),
        ReadCache(query: CacheQuery(ledger: ledger, by: [.tier], from: from, to: to)),
        ReadBatches(query: BatchQuery(ledger: ledger, by: [.form], from: from, to: to)),
        FindMissed(query: MissedQuery(ledger: ledger, from: from, to: to)),
        FindAsked(ledger: ledger, hashes: [.zero], last: 1),
        ReadRequestCosts(ledger: ledger, ids: [id]),
        ReadHead(ledger: ledger),
        FindWasted(
            query: WastedQuery(ledger: ledger, from: from, to: to, storedForHours: 0, at: to)),
        LoadThreads(ledger: ledger, version: 1, threads: [.zero]),
        WriteThreads(ledger: ledger, version: 1, rows: []),
        PruneThreads(ledger: ledger, version: 1, before: 1),
        EraseThreads(page: ErasePage(ledger: ledger, version: 1, limit: 1)),
        ReadPromptCache(query: PromptCacheQuery(ledger: ledger, by: [], from: from, to: to)),
        ReadCacheSessions(
            query: PromptCacheQuery(ledger: ledger, by: [.session], from: from, to: to)),
        ReadCacheHours(query: PromptCacheHours(ledger: ledger, times: [[from]])),
        ReadPerformance(query: PerformanceQuery(ledger: ledger, from: from, to: to)),
        ReadStageSavings(query: SavingsQuery(ledger: ledger, by: [.stage], from: from, to: to)),
    ]
    // Were the query refused, the test would miss its statement.
    if let spend = try? SpendQuery(ledger: ledger, from: from, to: to) {
        statements.append(ReadSpend(query: spend))
    }
    return statements
}()
