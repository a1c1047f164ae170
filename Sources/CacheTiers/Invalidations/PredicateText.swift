import Caching
import JSON
import LedgerModel

extension CachePredicate {
    /// A JSON object of what is given.
    package var text: String {
        var json = JSONWriter(capacity: 128)
        json.object { json in
            if let key { json.field("key", key.digest.description) }
            for (name, value) in names { if let value { json.field(name, value.string) } }
            for (name, value) in numbers { if let value { json.field(name, value) } }
        }
        return json.text
    }

    private var names: [(String, Name?)] {
        [
            ("provider", provider), ("model", model), ("template", template), ("tag", tag),
            ("dependency", dependency), ("team", team),
        ]
    }

    private var numbers: [(String, Int64?)] {
        [
            ("stored_before", storedBefore?.microseconds),
            ("stored_after", storedAfter?.microseconds), ("bytes_min", bytesMin),
            ("bytes_max", bytesMax),
        ]
    }

    /// Reads what `text` wrote.
    ///
    /// A member that is not known means a newer program: then nobody can say what is meant, and
    /// everything of the ledger is.
    package init(text: String) {
        self.init()
        guard let tree = try? JSONTree(parsing: text.utf8) else { return }
        for member in tree.members ?? [] {
            guard set(member.key, to: member.value) else {
                self = CachePredicate()
                return
            }
        }
    }

    private mutating func set(_ member: String, to value: JSONTree) -> Bool {
        let name = value.string.map { Name($0) }
        let number = value.integer.map { Int64($0) }
        switch member {
        case "key": key = value.string.flatMap { Digest(hexadecimal: $0) }.map { CacheKey($0) }
        case "provider": provider = name
        case "model": model = name
        case "template": template = name
        case "tag": tag = name
        case "dependency": dependency = name
        case "team": team = name
        case "stored_before": storedBefore = number.map { Timestamp(microseconds: $0) }
        case "stored_after": storedAfter = number.map { Timestamp(microseconds: $0) }
        case "bytes_min": bytesMin = number
        case "bytes_max": bytesMax = number
        default: return false
        }
        return name != nil || number != nil
    }
}
