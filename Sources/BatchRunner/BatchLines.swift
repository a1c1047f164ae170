import JSON
import LedgerModel

/// Reads the lines of files: OpenAI's requests, and results.
enum BatchLines {
    /// A line of an input file.
    static func item(
        _ line: ArraySlice<UInt8>, _ number: Int, _ endpoint: String
    ) throws(BatchFault) -> BatchItem {
        let json: JSONTree
        do { json = try JSONTree(parsing: line) } catch {
            throw .badLine(number, "it is not JSON: \(error)")
        }
        guard let id = json["custom_id"]?.string else {
            throw .badLine(number, "custom_id is missing")
        }
        guard json["method"]?.string ?? "POST" == "POST" else {
            throw .badLine(number, "method must be POST")
        }
        if let url = json["url"]?.string, url != endpoint {
            throw .badLine(
                number, "url is \(url.prefix(100)), and the batch's endpoint \(endpoint)")
        }
        guard let body = json["body"], body.members != nil else {
            throw .badLine(number, "body is missing")
        }
        return BatchItem(customID: id, body: body)
    }
}

/// Cuts pieces of bytes into lines; empty ones are left out.
struct LineSplitter {
    let lineBytesMax: Int
    private var rest: [UInt8] = []
    private var count = 0

    init(lineBytesMax: Int) {
        self.lineBytesMax = lineBytesMax
    }

    mutating func take(
        _ bytes: some Sequence<UInt8>, _ visit: (ArraySlice<UInt8>) throws -> Void
    ) throws {
        let searched = rest.count
        rest += bytes
        var start = 0
        var from = searched
        while let end = rest[from...].firstIndex(of: 0x0A) {
            try give(rest[start..<end], visit)
            start = end + 1
            from = start
        }
        rest.removeFirst(start)
        guard rest.count <= lineBytesMax else {
            throw BatchFault.tooLarge(count, bytes: rest.count, max: lineBytesMax)
        }
    }

    mutating func finish(_ visit: (ArraySlice<UInt8>) throws -> Void) throws {
        try give(rest[...], visit)
        rest = []
    }

    private mutating func give(
        _ line: ArraySlice<UInt8>, _ visit: (ArraySlice<UInt8>) throws -> Void
    ) throws {
        guard line.contains(where: { $0 != 0x20 && $0 != 0x0D && $0 != 0x09 }) else { return }
        guard line.count <= lineBytesMax else {
            throw BatchFault.tooLarge(count, bytes: line.count, max: lineBytesMax)
        }
        count += 1
        try visit(line)
    }
}

extension Usage {
    /// Counts by unit, as a row keeps them.
    var json: String {
        var json = JSONWriter()
        json.object { json in for unit in units { json.field(unit.name, value(unit)) } }
        return json.text
    }

    init(json text: String) {
        self.init()
        for member in (try? JSONTree(parsing: text.utf8))?.members ?? [] {
            guard let unit = UsageUnit(name: member.key), let count = member.value.integer else {
                continue
            }
            self[unit] = Int64(count)
        }
    }

    mutating func add(_ other: Usage) {
        for unit in other.units {
            self[unit] = min(value(unit) + other.value(unit), Usage.countMax)
        }
    }
}
