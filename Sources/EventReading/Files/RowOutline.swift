/// The names in the first row of a file: the columns of a CSV, or the keys of the first JSON object
/// and of the rows that it holds.
struct RowOutline {
    private(set) var names: Set<String>
    /// Whether the first row was seen to its end.
    private(set) var isWhole: Bool

    init(header: [String]) {
        names = Set(header)
        isWhole = true
    }

    /// Reads as far as the bytes go; they need not be valid.
    init(json bytes: UnsafeRawBufferPointer) {
        names = []
        isWhole = false
        var index = 0
        isWhole = value(bytes, &index)
    }

    /// Arrays whose first element is a row, or a bucket of rows.
    private static let arrays: Set<String> = ["data", "results"]

    /// Reads the names of a value: of an object, or of an array's first element.
    private mutating func value(_ bytes: UnsafeRawBufferPointer, _ index: inout Int) -> Bool {
        skipSpace(bytes, &index)
        guard index < bytes.count else { return false }
        switch bytes[index] {
        case UInt8(ascii: "["):
            index += 1
            return value(bytes, &index)
        case UInt8(ascii: "{"):
            index += 1
            return members(bytes, &index)
        default: return true
        }
    }

    private mutating func members(_ bytes: UnsafeRawBufferPointer, _ index: inout Int) -> Bool {
        while true {
            skipSpace(bytes, &index)
            guard index < bytes.count else { return false }
            if bytes[index] == UInt8(ascii: ",") {
                index += 1
                continue
            }
            guard bytes[index] == UInt8(ascii: "\"") else {
                return bytes[index] == UInt8(ascii: "}")
            }
            guard let name = skipValue(bytes, &index) else { return false }
            let key = String(decoding: name.dropFirst().dropLast(), as: UTF8.self)
            names.insert(key)
            skipSpace(bytes, &index)
            guard index < bytes.count, bytes[index] == UInt8(ascii: ":") else { return false }
            index += 1
            skipSpace(bytes, &index)
            var inner = index
            if Self.arrays.contains(key), !value(bytes, &inner) { return false }
            guard skipValue(bytes, &index) != nil else { return false }
        }
    }

    private func skipSpace(_ bytes: UnsafeRawBufferPointer, _ index: inout Int) {
        while index < bytes.count, bytes[index] <= 0x20 { index += 1 }
    }

    /// Passes over a value; nil if its end was not read.
    private func skipValue(
        _ bytes: UnsafeRawBufferPointer, _ index: inout Int
    ) -> UnsafeRawBufferPointer.SubSequence? {
        guard index < bytes.count else { return nil }
        let start = index
        if bytes[index] == UInt8(ascii: "\"") {
            index += 1
            while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
                index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
            }
            guard index < bytes.count else { return nil }
            index += 1
            return bytes[start..<index]
        }
        let rest = UnsafeRawBufferPointer(rebasing: bytes[index...])
        guard case .found(let content, _) = endOfValue(rest) else { return nil }
        index += content
        return bytes[start..<index]
    }
}
