import JSON

/// Shortens long arrays of JSON objects, of which a model needs only the pattern and the
/// exceptions.
///
/// It keeps every item with an error, the first items and the last, unusual items (extremes and
/// outliers of numbers, rare values of texts), and a few in between. The others become one last
/// item with their count, their identifiers, and what they have in common.
enum ArraySampler {
    static let itemsMin = 20
    static let firstKept = 2
    static let sampleCount = 3
    /// The most items kept for one unusual field.
    static let outliersMax = 3
    /// The distance of an outlier: median absolute deviations from the median, scaled to a normal
    /// distribution.
    static let outlierDeviations = 6.0
    /// A value is rare if at most one in this many items has it.
    static let rareShare = 100
    static let fieldsMax = 64

    static func sample(_ text: PromptSegments) -> [UInt8]? {
        guard text.segments.contains(where: { $0.kind == .json }) else { return nil }
        var scanner = JSONScanner(text.bytes, keepsNodes: true)
        var result: [UInt8] = []
        var changed = false
        for segment in text.segments {
            guard segment.kind == .json,
                case .value = scanner.scan(at: segment.range.lowerBound)
            else {
                result += text.bytes[segment.range]
                continue
            }
            let nodes = scanner.nodes
            var position = segment.range.lowerBound
            var index = 0
            while index < nodes.count {
                if nodes[index].kind == .array,
                    let sampled = Items(of: index, nodes, text.bytes)?.sampled()
                {
                    appendCompact(text.bytes, position..<nodes[index].range.lowerBound, to: &result)
                    result += sampled
                    position = nodes[index].range.upperBound
                    index = nodes[index].next
                    changed = true
                } else {
                    index += 1
                }
            }
            if position == segment.range.lowerBound {
                result += text.bytes[segment.range]
            } else {
                appendCompact(text.bytes, position..<segment.range.upperBound, to: &result)
            }
        }
        return changed ? result : nil
    }
}

/// The items of one array, and their fields side by side.
private struct Items {
    private struct Field {
        let key: ArraySlice<UInt8>
        /// The node of each item's value; -1 for none.
        var values: [Int]
    }

    private let items: [Int]
    private let nodes: [JSONNode]
    private let bytes: [UInt8]
    private var fields: [Field] = []

    init?(of array: Int, _ nodes: [JSONNode], _ bytes: [UInt8]) {
        var items: [Int] = []
        var child = array + 1
        while child < nodes[array].next {
            guard nodes[child].kind == .object else { return nil }
            items.append(child)
            child = nodes[child].next
        }
        guard items.count >= ArraySampler.itemsMin else { return nil }
        self.items = items
        self.nodes = nodes
        self.bytes = bytes
        var places: [ArraySlice<UInt8>: Int] = [:]
        for (row, item) in items.enumerated() {
            var member = item + 1
            while member < nodes[item].next {
                let key = bytes[nodes[member].key]
                if let place = places[key] {
                    fields[place].values[row] = member
                } else if fields.count < ArraySampler.fieldsMax {
                    places[key] = fields.count
                    var values = [Int](repeating: -1, count: items.count)
                    values[row] = member
                    fields.append(Field(key: key, values: values))
                }
                member = nodes[member].next
            }
        }
    }

    /// The array without some of its items; nil if that saves little.
    func sampled() -> [UInt8]? {
        let kept = keptItems()
        guard kept.count * 5 <= items.count * 4 else { return nil }
        var result: [UInt8] = [Byte.openBracket]
        for row in kept.sorted() {
            appendCompact(bytes, nodes[items[row]].range, to: &result)
            result.append(Byte.comma)
        }
        appendSummary(of: items.indices.filter { !kept.contains($0) }, to: &result)
        result.append(Byte.closeBracket)
        return result
    }

    private func keptItems() -> Set<Int> {
        var kept = Set(items.indices.prefix(ArraySampler.firstKept))
        kept.insert(items.count - 1)
        for step in 1...ArraySampler.sampleCount {
            kept.insert(items.count * step / (ArraySampler.sampleCount + 1))
        }
        for row in items.indices where tellsOfError(items[row]) { kept.insert(row) }
        for field in fields where !isIdentifier(field.key) {
            kept.formUnion(outliers(field))
            kept.formUnion(rareValues(field))
        }
        return kept
    }

    // MARK: - Errors

    private static let errorKeys: Set<String> = [
        "error", "errors", "err", "exception", "failure", "fault", "stacktrace", "stack_trace",
        "traceback", "error_message", "error_code", "errormessage", "errorcode",
    ]
    private static let codeKeys: Set<String> = [
        "status", "status_code", "statuscode", "code", "http_status", "response_code", "httpstatus",
    ]
    private static let successKeys: Set<String> = [
        "success", "ok", "healthy", "passed", "valid", "succeeded",
    ]

    private func tellsOfError(_ item: Int) -> Bool {
        var node = item + 1
        while node < nodes[item].next {
            let value = bytes[nodes[node].range]
            let key = String(bytes[nodes[node].key].dropFirst().dropLast()).lowercased()
            switch nodes[node].kind {
            case .scalar:
                if Self.successKeys.contains(key), value.elementsEqual("false".utf8) { return true }
                if Self.codeKeys.contains(key), value.count == 3,
                    value.first == UInt8(ascii: "4") || value.first == UInt8(ascii: "5")
                {
                    return true
                }
                if Self.errorKeys.contains(key), !isNothing(value) { return true }
            case .string:
                if Self.errorKeys.contains(key), value.count > 2 { return true }
                if ErrorSigns.areIn(value) { return true }
            case .object, .array:
                if Self.errorKeys.contains(key), nodes[node].next > node + 1 { return true }
            }
            node += 1
        }
        return false
    }

    private func isNothing(_ value: ArraySlice<UInt8>) -> Bool {
        ["null", "false", "0"].contains { value.elementsEqual($0.utf8) }
    }

    // MARK: - What stands out

    private func outliers(_ field: Field) -> [Int] {
        var numbers: [(row: Int, value: Double)] = []
        for (row, node) in field.values.enumerated() where node >= 0 && nodes[node].kind == .scalar
        {
            guard let value = Double(String(bytes[nodes[node].range])), value.isFinite else {
                continue
            }
            numbers.append((row, value))
        }
        guard numbers.count * 2 >= items.count else { return [] }
        numbers.sort { ($0.value, $0.row) < ($1.value, $1.row) }
        guard let smallest = numbers.first, let largest = numbers.last,
            smallest.value < largest.value
        else { return [] }
        let median = numbers[numbers.count / 2].value
        let deviations = numbers.map { abs($0.value - median) }.sorted()
        let deviation = deviations[deviations.count / 2] * 1.4826
        var found = [smallest.row, largest.row]
        guard deviation > 0 else { return found }
        let isFar = { (value: Double) in
            abs(value - median) > ArraySampler.outlierDeviations * deviation
        }
        let max = ArraySampler.outliersMax
        found += numbers.prefix(max).filter { isFar($0.value) }.map(\.row)
        found += numbers.suffix(max).filter { isFar($0.value) }.map(\.row)
        return found
    }

    private func rareValues(_ field: Field) -> [Int] {
        var rows: [ArraySlice<UInt8>: [Int]] = [:]
        for (row, node) in field.values.enumerated() {
            let value = node >= 0 ? bytes[nodes[node].range] : []
            rows[value, default: []].append(row)
        }
        // If every value is rare, none is.
        guard rows.count > 1, rows.count * 10 <= items.count else { return [] }
        return rows.values.filter { $0.count * ArraySampler.rareShare <= items.count }
            .sorted { $0[0] < $1[0] }
            .prefix(ArraySampler.outliersMax).flatMap { $0.prefix(ArraySampler.outliersMax) }
    }

    // MARK: - What is left of the others

    private func isIdentifier(_ quoted: ArraySlice<UInt8>) -> Bool {
        let key = String(quoted.dropFirst().dropLast())
        return ["id", "_id", "uuid", "guid", "key", "sku"].contains(key.lowercased())
            || ["_id", "Id", "ID", "_uuid", "Uuid", "UUID", "_key"].contains { key.hasSuffix($0) }
    }

    private func appendSummary(of rows: [Int], to result: inout [UInt8]) {
        result += Array("{\"_left_out\":{\"items\":\(rows.count)".utf8)
        for field in fields {
            let values = rows.compactMap { row -> ArraySlice<UInt8>? in
                let node = field.values[row]
                guard node >= 0, nodes[node].kind == .string || nodes[node].kind == .scalar else {
                    return nil
                }
                return bytes[nodes[node].range]
            }
            guard let first = values.first else { continue }
            let isShared = values.count == rows.count && values.allSatisfy { $0 == first }
            guard isShared || isIdentifier(field.key) else { continue }
            result.append(Byte.comma)
            result += field.key
            result.append(Byte.colon)
            if isShared {
                result += first
                continue
            }
            var seen: Set<ArraySlice<UInt8>> = []
            let distinct = values.filter { seen.insert($0).inserted }
            result.append(Byte.openBracket)
            result += distinct.joined(separator: [Byte.comma])
            result.append(Byte.closeBracket)
        }
        result += [Byte.closeBrace, Byte.closeBrace]
    }
}
