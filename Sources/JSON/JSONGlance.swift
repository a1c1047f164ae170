/// Looks into a JSON text for the few members that somebody asks for, without making a tree.
///
/// It takes the text to be JSON and moves on where it isn't: what nobody asks for is passed over and
/// not checked. So it is for reading along, where another one decides what is valid.
package struct JSONGlance {
    private let bytes: UnsafeBufferPointer<UInt8>

    /// - Parameter bytes: one text; it must outlive this.
    package init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// The place of the outermost value; nil if it is no object.
    package var root: Int? {
        let start = endOfSpace(from: 0)
        return isObject(start) ? start : nil
    }

    // MARK: Going in

    /// Calls the body with the key (without its quotes) and the place of each member of an object.
    ///
    /// - Returns: false if the text breaks off, or is no JSON.
    @discardableResult
    package func members(of start: Int, _ body: (_ key: Range<Int>, _ value: Int) -> Void) -> Bool {
        guard isObject(start) else { return false }
        var place = endOfSpace(from: start + 1)
        while place < bytes.count, bytes[place] != UInt8(ascii: "}") {
            guard bytes[place] == UInt8(ascii: "\""), let end = endOfString(from: place) else {
                return false
            }
            let key = place + 1..<end - 1
            place = endOfSpace(from: end)
            guard place < bytes.count, bytes[place] == UInt8(ascii: ":") else { return false }
            place = endOfSpace(from: place + 1)
            body(key, place)
            guard let next = endOfItem(from: place, before: UInt8(ascii: "}")) else { return false }
            place = next
        }
        return place < bytes.count
    }

    /// Calls the body with the place of each item of an array.
    ///
    /// - Returns: false if the text breaks off, or is no JSON.
    @discardableResult
    package func items(of start: Int, _ body: (_ item: Int) -> Void) -> Bool {
        guard isArray(start) else { return false }
        var place = endOfSpace(from: start + 1)
        while place < bytes.count, bytes[place] != UInt8(ascii: "]") {
            body(place)
            guard let next = endOfItem(from: place, before: UInt8(ascii: "]")) else { return false }
            place = next
        }
        return place < bytes.count
    }

    /// The place of a member of an object; the last one if its key is repeated.
    package func member(_ name: StaticString, of start: Int) -> Int? {
        var found: Int?
        members(of: start) { key, value in if has(key, name) { found = value } }
        return found
    }

    /// Past a value and the comma behind it, or at the end of its container.
    private func endOfItem(from start: Int, before close: UInt8) -> Int? {
        guard let end = end(of: start), end > start else { return nil }
        let place = endOfSpace(from: end)
        guard place < bytes.count else { return nil }
        if bytes[place] == close { return place }
        return bytes[place] == UInt8(ascii: ",") ? endOfSpace(from: place + 1) : nil
    }

    // MARK: What is there

    package func isObject(_ start: Int) -> Bool {
        start < bytes.count && bytes[start] == UInt8(ascii: "{")
    }

    package func isArray(_ start: Int) -> Bool {
        start < bytes.count && bytes[start] == UInt8(ascii: "[")
    }

    /// Where the bytes of a string are, without its quotes and as spelled; nil for another value.
    package func string(_ start: Int) -> Range<Int>? {
        guard start < bytes.count, bytes[start] == UInt8(ascii: "\""),
            let end = endOfString(from: start)
        else { return nil }
        return start + 1..<end - 1
    }

    /// The text of a string; nil for another value, or one with broken escapes.
    package func text(_ start: Int) -> String? {
        string(start).flatMap { Self.text(spelled: bytes[$0]) }
    }

    /// Where a value is, as a whole.
    package func range(_ start: Int) -> Range<Int>? { end(of: start).map { start..<$0 } }

    package subscript(range: Range<Int>) -> Slice<UnsafeBufferPointer<UInt8>> { bytes[range] }

    /// Whether a key or a string is spelled so.
    package func has(_ range: Range<Int>, _ name: StaticString) -> Bool {
        let count = name.utf8CodeUnitCount
        guard range.count == count else { return false }
        for index in 0..<count where bytes[range.lowerBound + index] != name.utf8Start[index] {
            return false
        }
        return true
    }

    /// What stands between the quotes of a string, as text.
    package static func text(spelled raw: some Collection<UInt8>) -> String? {
        if !raw.contains(UInt8(ascii: "\\")) { return String(validating: raw, as: UTF8.self) }
        let quote = [UInt8(ascii: "\"")]
        return (try? JSONTree(parsing: quote + raw + quote))?.string
    }

    // MARK: Passing over

    /// The place behind a value; nil if the text breaks off in it.
    package func end(of start: Int) -> Int? {
        guard start < bytes.count else { return nil }
        switch bytes[start] {
        case UInt8(ascii: "\""): return endOfString(from: start)
        case UInt8(ascii: "{"), UInt8(ascii: "["): return endOfContainer(from: start)
        default:
            var place = start
            while place < bytes.count, !Self.endsScalar(bytes[place]) { place += 1 }
            return place
        }
    }

    private func endOfContainer(from start: Int) -> Int? {
        var (place, depth) = (start, 0)
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "\""):
                guard let end = endOfString(from: place) else { return nil }
                place = end
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return place + 1 }
            default: break
            }
            place += 1
        }
        return nil
    }

    private func endOfString(from start: Int) -> Int? {
        var place = start + 1
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "\""): return place + 1
            case UInt8(ascii: "\\"): place += 2
            default: place += 1
            }
        }
        return nil
    }

    private func endOfSpace(from start: Int) -> Int {
        var place = start
        while place < bytes.count, isJSONSpace(bytes[place]) { place += 1 }
        return place
    }

    private static func endsScalar(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"): true
        default: isJSONSpace(byte)
        }
    }
}
