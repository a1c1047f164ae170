/// The entries of a mapping, each of which has to be read.
package final class FileFields {
    private let root: FileNode
    private let what: String
    private var unread: [String: Int] = [:]

    package init(_ node: FileNode, _ what: String) throws(PriceFileError) {
        root = node
        self.what = what
        for entry in try node.entries(what) { unread[entry.key] = entry.line }
    }

    package func error(_ message: String) -> PriceFileError { root.error("\(what): \(message)") }

    /// Refuses what nobody asked for.
    package func finish() throws(PriceFileError) {
        guard let (key, _) = unread.min(by: { $0.value < $1.value }), let node = root[key] else {
            return
        }
        throw node.error("\(what) has no \(key)")
    }

    package func node(_ key: String) throws(PriceFileError) -> FileNode? {
        unread[key] = nil
        return root[key].flatMap { $0.isNull ? nil : $0 }
    }

    package func optionalText(_ key: String) throws(PriceFileError) -> String? {
        guard let node = try node(key) else { return nil }
        return try node.text(key)
    }

    package func text(_ key: String) throws(PriceFileError) -> String {
        guard let text = try optionalText(key) else { throw error("\(key) is missing") }
        return text
    }

    package func flag(_ key: String) throws(PriceFileError) -> Bool {
        switch try optionalText(key) {
        case nil, "false": false
        case "true": true
        case let other?: throw error("\(key) is \(other): write true or false")
        }
    }

    package func number(_ key: String, in range: ClosedRange<Int64>) throws(PriceFileError)
        -> Int64?
    {
        guard let text = try optionalText(key) else { return nil }
        guard let number = Int64(text), range.contains(number) else {
            throw error(
                "\(key) is \(text): write a number from \(range.lowerBound) to "
                    + "\(range.upperBound)")
        }
        return number
    }

    /// The seconds of `90s`, `15m`, `12h` or `1d`.
    package func seconds(_ key: String) throws(PriceFileError) -> Int64? {
        guard let text = try optionalText(key) else { return nil }
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()),
            (1...86_400).contains(count), count * unit <= 31 * 86_400
        else { throw error("\(key) is \(text): write 90s, 15m, 12h or 1d") }
        return count * unit
    }
}
