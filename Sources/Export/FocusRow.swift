import LedgerModel

/// A column of FOCUS 1.2 (FinOps Open Cost and Usage Specification), or one of our own behind `x_`.
///
/// docs/export.md describes each. All columns of 1.0 are included, so readers of either version
/// find theirs.
enum FocusColumn: String, CaseIterable {
    case availabilityZone = "AvailabilityZone"
    case billedCost = "BilledCost"
    case billingAccountId = "BillingAccountId"
    case billingAccountName = "BillingAccountName"
    case billingAccountType = "BillingAccountType"
    case billingCurrency = "BillingCurrency"
    case billingPeriodEnd = "BillingPeriodEnd"
    case billingPeriodStart = "BillingPeriodStart"
    case chargeCategory = "ChargeCategory"
    case chargeClass = "ChargeClass"
    case chargeDescription = "ChargeDescription"
    case chargeFrequency = "ChargeFrequency"
    case chargePeriodEnd = "ChargePeriodEnd"
    case chargePeriodStart = "ChargePeriodStart"
    case commitmentDiscountCategory = "CommitmentDiscountCategory"
    case commitmentDiscountId = "CommitmentDiscountId"
    case commitmentDiscountName = "CommitmentDiscountName"
    case commitmentDiscountStatus = "CommitmentDiscountStatus"
    case commitmentDiscountType = "CommitmentDiscountType"
    case consumedQuantity = "ConsumedQuantity"
    case consumedUnit = "ConsumedUnit"
    case contractedCost = "ContractedCost"
    case contractedUnitPrice = "ContractedUnitPrice"
    case effectiveCost = "EffectiveCost"
    case invoiceId = "InvoiceId"
    case invoiceIssuerName = "InvoiceIssuerName"
    case listCost = "ListCost"
    case listUnitPrice = "ListUnitPrice"
    case pricingCategory = "PricingCategory"
    case pricingQuantity = "PricingQuantity"
    case pricingUnit = "PricingUnit"
    case providerName = "ProviderName"
    case publisherName = "PublisherName"
    case regionId = "RegionId"
    case regionName = "RegionName"
    case resourceId = "ResourceId"
    case resourceName = "ResourceName"
    case resourceType = "ResourceType"
    case serviceCategory = "ServiceCategory"
    case serviceName = "ServiceName"
    case serviceSubcategory = "ServiceSubcategory"
    case skuId = "SkuId"
    case skuMeter = "SkuMeter"
    case skuPriceId = "SkuPriceId"
    case subAccountId = "SubAccountId"
    case subAccountName = "SubAccountName"
    case subAccountType = "SubAccountType"
    case tags = "Tags"
    case chargeId = "x_ChargeId"
    case requestId = "x_RequestId"
    case ledgerPosition = "x_LedgerPosition"
    case occurredAt = "x_OccurredAt"
    case recordedAt = "x_RecordedAt"
    case priceState = "x_PriceState"
    case unpricedReason = "x_UnpricedReason"
    case priceBookId = "x_PriceBookId"
    case inputTokens = "x_InputTokens"
    case cacheReadInputTokens = "x_CacheReadInputTokens"
    case outputTokens = "x_OutputTokens"
}

/// Writes a charge as a row of FOCUS.
///
/// A rating is a usage row: one priced request, whose unit price is its cost, so quantity × unit
/// price = cost holds exactly. An adjustment or a reconciliation's booking is a correction in the
/// month in which it was made, without quantities: the corrected row has the usage.
struct FocusRow {
    let ledger: String
    /// The request before the charge; nil if it belongs to another.
    let usage: Usage?
    let isCorrection: Bool
    private let amount: String

    init(_ row: EventRow, usage: Usage?, ledger: String) {
        self.ledger = ledger
        isCorrection = row.kind != .chargeRated
        self.usage = isCorrection ? nil : usage
        amount = Picodollars(row.int64(.amount) ?? 0).description
    }

    static let header = FocusColumn.allCases.map(\.rawValue)

    func write(_ row: EventRow, to out: inout ExportBytes) {
        for column in FocusColumn.allCases {
            if column != .availabilityZone { out.comma() }
            write(column, of: row, to: &out)
        }
        out.endRow()
    }

    private func write(
        _ column: FocusColumn, of row: EventRow, to out: inout ExportBytes
    ) {
        switch column {
        case .availabilityZone, .commitmentDiscountCategory, .commitmentDiscountId,
            .commitmentDiscountName, .commitmentDiscountStatus, .commitmentDiscountType,
            .invoiceId, .resourceId, .resourceName, .resourceType:
            break
        case .billedCost, .contractedCost, .effectiveCost, .listCost: out.append(amount)
        case .contractedUnitPrice, .listUnitPrice: if !isCorrection { out.append(amount) }
        case .billingAccountId, .billingAccountName: out.append(cell: ledger)
        case .billingAccountType: out.append("Ledger")
        case .billingCurrency: out.append("USD")
        case .billingPeriodStart: out.append(toSeconds: billingMonth(of: row).start)
        case .billingPeriodEnd: out.append(toSeconds: billingMonth(of: row).next.start)
        case .chargeCategory: out.append("Usage")
        case .chargeClass: if isCorrection { out.append("Correction") }
        case .chargeDescription: writeDescription(of: row, to: &out)
        case .chargeFrequency: out.append("Usage-Based")
        case .chargePeriodStart: out.append(toSeconds: hour(of: row))
        case .chargePeriodEnd:
            out.append(
                toSeconds: hour(of: row).advanced(byMicroseconds: Timestamp.hourMicroseconds))
        case .consumedQuantity, .consumedUnit, .inputTokens, .cacheReadInputTokens,
            .outputTokens:
            writeUsage(column, to: &out)
        case .pricingCategory: out.append("Standard")
        case .pricingQuantity: if !isCorrection { out.append("1") }
        case .pricingUnit: if !isCorrection { out.append("Requests") }
        case .invoiceIssuerName, .providerName, .publisherName, .serviceName:
            out.append(cell: text(row, .provider) ?? "unknown")
        case .regionId, .regionName:
            if let region = row.text(.region) { out.append(cell: region) }
        case .serviceCategory: out.append("AI and Machine Learning")
        case .serviceSubcategory: out.append("Generative AI")
        case .skuId, .skuMeter, .skuPriceId: writeSKU(column, of: row, to: &out)
        case .subAccountId, .subAccountName, .subAccountType:
            writeSubAccount(column, of: row, to: &out)
        case .tags: writeTags(of: row, to: &out)
        default: writeOwn(column, of: row, to: &out)
        }
    }

    private func writeOwn(
        _ column: FocusColumn, of row: EventRow, to out: inout ExportBytes
    ) {
        switch column {
        case .chargeId: if let id = row.id(.id) { out.append(id) }
        case .requestId: if let id = row.id(.causeID) { out.append(id) }
        case .ledgerPosition: out.append(row.position)
        case .occurredAt: out.append(row.occurredAt)
        case .recordedAt: out.append(row.recordedAt)
        case .priceState: out.append(row.int64(.amount) == nil ? "unpriced" : "priced")
        case .unpricedReason: if let reason = row.text(.unpriced) { out.append(cell: reason) }
        case .priceBookId: if let id = row.id(.bookID) { out.append(id) }
        default: preconditionFailure("no column is forgotten")
        }
    }

    // MARK: Columns of several parts

    /// The month of a row's bill; a correction is billed when it is made.
    private func billingMonth(of row: EventRow) -> Month {
        (isCorrection ? row.recordedAt : row.occurredAt).month
    }

    private func hour(of row: EventRow) -> Timestamp {
        let time = row.occurredAt
        return time.advanced(
            byMicroseconds: -(time.timeOfDay % Timestamp.hourMicroseconds))
    }

    private func writeDescription(of row: EventRow, to out: inout ExportBytes) {
        var words = [text(row, .model) ?? "unknown model"]
        if let operation = text(row, .operation) { words.append(operation) }
        if let tier = text(row, .serviceTier) { words.append("(\(tier))") }
        if isCorrection { words.append("correction") }
        out.append(cell: words.joined(separator: " "))
    }

    private func writeSKU(
        _ column: FocusColumn, of row: EventRow, to out: inout ExportBytes
    ) {
        var parts = [text(row, .provider) ?? "unknown", text(row, .model) ?? "unknown"]
        switch column {
        case .skuMeter: return out.append(cell: text(row, .operation) ?? "requests")
        case .skuPriceId:
            parts.append(text(row, .serviceTier) ?? "standard")
            if let region = text(row, .region) { parts.append(region) }
            parts.append(row.id(.bookID)?.description ?? "unpriced")
        default: break
        }
        out.append(cell: parts.joined(separator: "/"))
    }

    /// Writes the project, or else the team, of a request.
    private func writeSubAccount(
        _ column: FocusColumn, of row: EventRow, to out: inout ExportBytes
    ) {
        let project = text(row, .project)
        guard let name = project ?? text(row, .team) else { return }
        if column == .subAccountType {
            out.append(project == nil ? "Team" : "Project")
        } else {
            out.append(cell: name)
        }
    }

    private static let unitNames: [(UsageUnit, String)] = [
        (.images, "Images"), (.inputSeconds, "Seconds"), (.outputSeconds, "Seconds"),
        (.inputCharacters, "Characters"), (.webSearches, "Searches"), (.requests, "Requests"),
    ]

    /// Writes tokens if there are any, else another unit, else a request.
    private func writeUsage(_ column: FocusColumn, to out: inout ExportBytes) {
        guard let usage else { return }
        switch column {
        case .inputTokens: if let count = usage[.inputTokens] { out.append(count) }
        case .cacheReadInputTokens:
            if let count = usage[.cacheReadInputTokens] { out.append(count) }
        case .outputTokens: if let count = usage[.outputTokens] { out.append(count) }
        default:
            let isQuantity = column == .consumedQuantity
            let tokens = usage.value(.inputTokens) + usage.value(.outputTokens)
            if tokens > 0 {
                if isQuantity { out.append(tokens) } else { out.append("Tokens") }
            } else if let (unit, name) = Self.unitNames.first(where: { usage.value($0.0) > 0 }) {
                if isQuantity { out.append(usage.value(unit), unit) } else { out.append(name) }
            } else {
                if isQuantity { out.append("1") } else { out.append("Requests") }
            }
        }
    }

    private static let tagged: [Dimension] = [
        .app, .team, .project, .environment, .feature, .user, .session,
    ]

    /// A JSON object in a cell.
    private func writeTags(of row: EventRow, to out: inout ExportBytes) {
        var json = ExportBytes()
        json.append("{")
        for dimension in Self.tagged {
            guard let value = row.text(dimension.field) else { continue }
            if json.bytes.count > 1 { json.comma() }
            json.append("\"")
            json.append(dimension.name)
            json.append("\":")
            json.append(json: value)
        }
        json.append("}")
        json.bytes.withUnsafeBytes { out.append(cell: $0) }
    }

    private func text(_ row: EventRow, _ dimension: Dimension) -> String? {
        row.text(dimension.field).map { String(decoding: $0, as: UTF8.self) }
    }
}
