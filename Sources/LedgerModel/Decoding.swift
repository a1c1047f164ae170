// Reading back what `canonicalJSON` wrote.

extension StageSavings {
    /// Reads the canonical form back; nil for any other JSON.
    package init?(canonicalJSON json: String) {
        var parser = CanonicalJSONParser(scalars: Array(json.unicodeScalars))
        guard let pairs = parser.object(of: { $0.integer() }),
            let stages = try? StageSavings(pairs.map { (stage: $0.key, saved: $0.value) }),
            stages.canonicalJSON.utf8.elementsEqual(json.utf8)
        else { return nil }
        self = stages
    }
}

extension Labels {
    /// Reads the canonical form back; nil for any other JSON.
    package init?(canonicalJSON json: String) {
        var parser = CanonicalJSONParser(scalars: Array(json.unicodeScalars))
        guard let pairs = parser.object(of: { $0.string().map { Name($0) } }),
            let labels = try? Labels(pairs),
            labels.canonicalJSON.utf8.elementsEqual(json.utf8)
        else { return nil }
        self = labels
    }
}

private struct CanonicalJSONParser {
    let scalars: [Unicode.Scalar]
    var index = 0

    mutating func object<Value>(
        of value: (inout CanonicalJSONParser) -> Value?
    ) -> [(key: Name, value: Value)]? {
        var pairs: [(key: Name, value: Value)] = []
        guard take("{") else { return nil }
        while !take("}") {
            guard pairs.isEmpty || take(","), let key = string(), take(":"),
                let value = value(&self)
            else { return nil }
            pairs.append((Name(key), value))
        }
        return index == scalars.count ? pairs : nil
    }

    mutating func integer() -> Int64? {
        let start = index
        _ = take("-")
        while index < scalars.count, ("0"..."9").contains(scalars[index]) { index += 1 }
        return Int64(String(String.UnicodeScalarView(scalars[start..<index])))
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard index < scalars.count, scalars[index] == scalar else { return false }
        index += 1
        return true
    }

    mutating func string() -> String? {
        guard take("\"") else { return nil }
        var text = String.UnicodeScalarView()
        while index < scalars.count {
            if take("\"") { return String(text) }
            if take("\\") {
                guard let escaped = escape() else { return nil }
                text.append(escaped)
            } else {
                text.append(scalars[index])
                index += 1
            }
        }
        return nil
    }

    private mutating func escape() -> Unicode.Scalar? {
        if take("\"") { return "\"" }
        if take("\\") { return "\\" }
        guard take("u"), index + 4 <= scalars.count else { return nil }
        defer { index += 4 }
        let digits = String(String.UnicodeScalarView(scalars[index..<index + 4]))
        return UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init)
    }
}
