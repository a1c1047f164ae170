import LedgerModel

/// Writes one line of a charge as a row of FOCUS.
///
/// A rating is usage, with one row for each of its meters. An adjustment or a reconciliation's
/// booking has one row without quantities in the month in which it was made, since the usage stands
/// in the rating's rows: a correction if that month is a later one than the request's, or else an
/// adjustment of a bill that is still open.
struct FocusRow {
    let ledger: String
    /// nil for what adjusts another charge.
    let line: FocusLine?
    /// The usage of the charge's request, in its first row only.
    let usage: Usage?
    private let amount: String

    init(_ row: EventRow, line: FocusLine?, usage: Usage?, ledger: String) {
        self.ledger = ledger
        self.line = line
        self.usage = usage
        amount = (line?.billed ?? row.amount ?? Picodollars(0)).description
    }

    func write(_ columns: [FocusColumn], of row: EventRow, to out: inout ExportBytes) {
        for (index, column) in columns.enumerated() {
            if index > 0 { out.comma() }
            write(column, of: row, to: &out)
        }
        out.endRow()
    }

    private func write(
        _ column: FocusColumn, of row: EventRow, to out: inout ExportBytes
    ) {
        switch column {
        case .billedCost, .effectiveCost, .pricingCurrencyEffectiveCost: out.append(amount)
        case .listCost: out.append(line?.listCost ?? amount)
        case .contractedCost: out.append(line?.contractedCost ?? amount)
        case .listUnitPrice, .pricingCurrencyListUnitPrice: out.append(line?.listUnitPrice ?? "")
        case .contractedUnitPrice, .pricingCurrencyContractedUnitPrice:
            out.append(line?.contractedUnitPrice ?? "")
        case .pricingQuantity: out.append(line?.pricingQuantity ?? "")
        case .pricingUnit: out.append(line?.pricingUnit ?? "")
        case .billingAccountId, .billingAccountName: out.append(cell: ledger)
        case .billingAccountType: out.append("Ledger")
        case .billingCurrency, .pricingCurrency: out.append("USD")
        case .billingPeriodStart: out.append(toSeconds: billingMonth(of: row).start)
        case .billingPeriodEnd: out.append(toSeconds: billingMonth(of: row).next.start)
        case .chargeCategory:
            out.append(line == nil && !isOfClosedMonth(row) ? "Adjustment" : "Usage")
        case .chargeClass: if line == nil, isOfClosedMonth(row) { out.append("Correction") }
        case .chargeDescription: writeDescription(of: row, to: &out)
        case .chargeFrequency: out.append("Usage-Based")
        case .chargePeriodStart: out.append(toSeconds: hour(of: row))
        case .chargePeriodEnd:
            out.append(
                toSeconds: hour(of: row).advanced(byMicroseconds: Timestamp.hourMicroseconds))
        case .consumedQuantity, .consumedUnit: writeConsumption(column, to: &out)
        case .pricingCategory: out.append("Standard")
        case .hostProviderName, .invoiceIssuerName, .providerName, .publisherName, .serviceName,
            .serviceProviderName:
            out.append(cell: text(row, .provider) ?? "unknown")
        case .regionId, .regionName: write(dimension: .region, of: row, to: &out)
        case .serviceCategory: out.append("AI and Machine Learning")
        case .serviceSubcategory: out.append("Generative AI")
        case .skuId, .skuMeter, .skuPriceDetails, .skuPriceId:
            if let line { writeSKU(column, line, of: row, to: &out) }
        case .subAccountId, .subAccountName, .subAccountType:
            writeSubAccount(column, of: row, to: &out)
        case .tags: writeTags(of: row, to: &out)
        default: if column.isOwn { writeOwn(column, of: row, to: &out) }
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
        // The reason decides: what takes a price back has an amount too.
        case .priceState:
            out.append(row.has(.unpriced) || row.amount == nil ? "unpriced" : "priced")
        case .unpricedReason: if let reason = row.text(.unpriced) { out.append(cell: reason) }
        case .priceBookId: if let id = row.id(.bookID) { out.append(id) }
        case .app: write(dimension: .app, of: row, to: &out)
        case .team: write(dimension: .team, of: row, to: &out)
        case .project: write(dimension: .project, of: row, to: &out)
        case .environment: write(dimension: .environment, of: row, to: &out)
        case .feature: write(dimension: .feature, of: row, to: &out)
        case .user: write(dimension: .user, of: row, to: &out)
        case .session: write(dimension: .session, of: row, to: &out)
        case .model: write(dimension: .model, of: row, to: &out)
        case .operation: write(dimension: .operation, of: row, to: &out)
        case .serviceTier: write(dimension: .serviceTier, of: row, to: &out)
        case .inputTokens: write(unit: .inputTokens, to: &out)
        case .cacheReadInputTokens: write(unit: .cacheReadInputTokens, to: &out)
        case .outputTokens: write(unit: .outputTokens, to: &out)
        default: preconditionFailure("no column of our own is forgotten")
        }
    }

    private func write(dimension: Dimension, of row: EventRow, to out: inout ExportBytes) {
        if let value = row.text(dimension.field) { out.append(cell: value) }
    }

    private func write(unit: UsageUnit, to out: inout ExportBytes) {
        if let count = usage?[unit] { out.append(count) }
    }

    // MARK: Columns of several parts

    /// The month of a row's bill; what adjusts a charge is billed when it is booked.
    private func billingMonth(of row: EventRow) -> Month {
        (line == nil ? row.recordedAt : row.occurredAt).month
    }

    /// Whether the bill of the request's month was closed when the row was booked.
    private func isOfClosedMonth(_ row: EventRow) -> Bool {
        row.recordedAt.month > row.occurredAt.month
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
        if line == nil { words.append("correction") }
        if let unit = line?.unit { words.append("– \(unit.meter.name)") }
        out.append(cell: words.joined(separator: " "))
    }

    /// Writes the names of what was priced: one SKU a model and meter, one price of it for each list
    /// unit price.
    private func writeSKU(
        _ column: FocusColumn, _ line: FocusLine, of row: EventRow, to out: inout ExportBytes
    ) {
        var parts = [
            text(row, .provider) ?? "unknown", text(row, .model) ?? "unknown",
            line.unit?.name ?? "request",
        ]
        switch column {
        case .skuMeter: return out.append(cell: line.unit?.meter.name ?? "Requests")
        case .skuPriceDetails: return writePriceDetails(of: row, to: &out)
        case .skuPriceId:
            parts.append(text(row, .serviceTier) ?? "standard")
            if let region = text(row, .region) { parts.append(region) }
            parts.append(row.amount == nil ? "unpriced" : line.listUnitPrice)
        default: break
        }
        out.append(cell: parts.joined(separator: "/"))
    }

    private func writePriceDetails(
        of row: EventRow, to out: inout ExportBytes
    ) {
        var json = JSONObjectCell()
        json.add("x_Model", row.text(.model))
        if row.has(.serviceTier) {
            json.add("x_ServiceTier", row.text(.serviceTier))
        } else {
            Array("standard".utf8).withUnsafeBytes { json.add("x_ServiceTier", $0) }
        }
        json.add("x_Region", row.text(.region))
        json.write(to: &out)
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

    private static let counted: [UsageUnit] = [
        .images, .inputSeconds, .outputSeconds, .inputCharacters, .webSearches, .requests,
    ]

    /// Writes what the meter counted; for a request as a whole tokens if there are any, else another
    /// unit, else a request.
    private func writeConsumption(_ column: FocusColumn, to out: inout ExportBytes) {
        guard let line else { return }
        let isQuantity = column == .consumedQuantity
        func write(_ count: Int64, _ unit: UsageUnit) {
            if isQuantity { out.append(count, unit) } else { out.append(unit.meter.counts) }
        }
        if let unit = line.unit, let count = line.count { return write(count, unit) }
        let usage = self.usage ?? Usage()
        let tokens = usage.value(.inputTokens) + usage.value(.outputTokens)
        if tokens > 0 { return write(tokens, .inputTokens) }
        let unit = Self.counted.first { usage.value($0) > 0 }
        write(unit.map { usage.value($0) } ?? 1, unit ?? .requests)
    }

    private static let tagged: [Dimension] = [
        .app, .team, .project, .environment, .feature, .user, .session,
    ]

    private func writeTags(of row: EventRow, to out: inout ExportBytes) {
        var json = JSONObjectCell()
        for dimension in Self.tagged { json.add(dimension.name, row.text(dimension.field)) }
        json.write(to: &out)
    }

    private func text(_ row: EventRow, _ dimension: Dimension) -> String? {
        row.text(dimension.field).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// A JSON object of texts in a cell.
private struct JSONObjectCell {
    private var json = ExportBytes()

    mutating func add(_ key: String, _ value: UnsafeRawBufferPointer?) {
        guard let value else { return }
        json.append(json.bytes.isEmpty ? "{\"" : ",\"")
        json.append(key)
        json.append("\":")
        json.append(json: value)
    }

    consuming func write(to out: inout ExportBytes) {
        json.append(json.bytes.isEmpty ? "{}" : "}")
        json.bytes.withUnsafeBytes { out.append(cell: $0) }
    }
}
