import LedgerModel

/// Values of policy files: numbers with bounds, times as `250ms`, sizes as `8 MiB`.
///
/// What is wrong with a value is said where it stands.
extension FileNode {
    package func count(
        _ what: String, in range: ClosedRange<Int>
    ) throws(PriceFileError) -> Int {
        let text = try text(what)
        guard let number = Int(text), range.contains(number) else {
            throw error(
                "\(what) is \(text): give a whole number from \(range.lowerBound) to "
                    + "\(range.upperBound)")
        }
        return number
    }

    package func fraction(
        _ what: String, in range: ClosedRange<Double>
    ) throws(PriceFileError) -> Double {
        let text = try text(what)
        guard let number = Double(text), range.contains(number) else {
            throw error(
                "\(what) is \(text): give a number from \(range.lowerBound) to "
                    + "\(range.upperBound)")
        }
        return number
    }

    package func flag(_ what: String) throws(PriceFileError) -> Bool {
        switch try text(what) {
        case "true", "on": true
        case "false", "off": false
        case let text: throw error("\(what) is \(text): use true or false")
        }
    }

    /// One of the words of an enumeration.
    package func word<Word: RawRepresentable<String> & CaseIterable>(
        _ what: String, _: Word.Type = Word.self
    ) throws(PriceFileError) -> Word {
        let text = try text(what)
        if let word = Word(rawValue: text) { return word }
        throw error("\(what) is \(text): \(Self.remedy(text, Word.allCases.map(\.rawValue)))")
    }

    fileprivate static func remedy(_ text: String, _ words: [String]) -> String {
        Likeness.nearest(to: text, among: words, part: 3).map { "did you mean \($0)?" }
            ?? "use \(words.joined(separator: ", "))"
    }

    /// `250ms`, `5s`, `15m`, `1h` or `1d`.
    package func time(
        _ what: String, in range: ClosedRange<Duration>
    ) throws(PriceFileError) -> Duration {
        let text = try text(what)
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let units = ["ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
        let unit = text.dropFirst(digits.count).drop { $0 == " " }
        guard let number = Int64(digits), let factor = units[String(unit)],
            number <= 1 << 32, range.contains(.milliseconds(number * Int64(factor)))
        else {
            throw error(
                "\(what) is \(text): write 250ms, 5s, 15m, 1h or 1d, from \(range.lowerBound) to "
                    + "\(range.upperBound)")
        }
        return .milliseconds(number * Int64(factor))
    }

    /// `4096`, `512 KB`, `8 MiB` or `1GiB`.
    package func bytes(
        _ what: String, in range: ClosedRange<Int>
    ) throws(PriceFileError) -> Int {
        let text = try text(what)
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let units = [
            "": 1, "B": 1, "KB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000, "KiB": 1 << 10,
            "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
        ]
        let unit = text.dropFirst(digits.count).drop { $0 == " " }
        guard let number = Int(digits), let factor = units[String(unit)] else {
            throw error("\(what) is \(text): write bytes, or a size such as 512 MiB")
        }
        let (size, isOver) = number.multipliedReportingOverflow(by: factor)
        guard !isOver, range.contains(size) else {
            throw error(
                "\(what) is \(text): give from \(range.lowerBound) to \(range.upperBound) bytes")
        }
        return size
    }
}

extension FileNode.Entry {
    /// A key that nobody asked for.
    package func unknown(in what: String, among keys: [String]) -> PriceFileError {
        error("\(key) is not known in \(what): \(FileNode.remedy(key, keys))")
    }
}
