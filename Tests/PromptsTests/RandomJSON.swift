import LedgerTesting

/// Random JSON of every kind, written in every allowed way.
struct RandomJSON {
    var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    private mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

    private mutating func pick(_ choices: [String]) -> String { choices[below(choices.count)] }

    mutating func value(depth: Int = 4) -> String {
        switch below(depth > 0 ? 8 : 5) {
        case 0: return number()
        case 1: return pick(["true", "false", "null"])
        case 2, 3, 4: return string()
        case 5:
            return "[" + (0..<below(5)).map { _ in value(depth: depth - 1) }.joined(separator: ",")
                + "]"
        case 6: return object(depth: depth - 1)
        default: return table(depth: depth - 1)
        }
    }

    mutating func number() -> String {
        pick([
            "0", "-0", "1", "1.0", "1.50", "1e5", "1E+05", "-12.340e-7", "18446744073709551616",
            "0.1000000000000000055511151231257827", "3.00", "1e400", "\(below(100_000))",
        ])
    }

    mutating func string() -> String {
        "\""
            + pick([
                "", "Ada", "Ada Lovelace", " lead", "trail ", "a,b", "a\\nb", "\\\"quoted\\\"",
                "true",
                "null", "12", "-1.5e3", "007", "\\ud800", "\\uD83D\\uDE00", "é 漢字 🙂", "[x]", "{y}",
                "<table", "2026-01-01T00:00:00Z", "a.b", "k=v", "\\\\", "\\/", "x\\ty", "<b>",
                "value \(below(1_000))",
            ]) + "\""
    }

    mutating func key() -> String {
        "\""
            + pick([
                "id", "name", "a.b", "k=v", "", "ключ", "with space", "x,y", "q\\\"q", "status",
                "\\u0041",
                "n\(below(6))",
            ]) + "\""
    }

    mutating func object(depth: Int) -> String {
        "{" + (0..<below(5)).map { _ in key() + ":" + value(depth: depth) }.joined(separator: ",")
            + "}"
    }

    /// Similar objects: some keys missing, some nested, sometimes one that does not fit.
    mutating func table(depth: Int) -> String {
        var keys: [String] = []
        for _ in 0..<(1 + below(5)) {
            let key = key()
            if !keys.contains(key) { keys.append(key) }
        }
        let kinds = keys.map { _ in below(5) }
        let shared = value(depth: 0)
        let rows = (0..<below(12)).map { _ in
            var members: [String] = []
            for (key, kind) in zip(keys, kinds) where below(10) > 0 {
                let member: String
                switch kind {
                case 0: member = number()
                case 1: member = string()
                case 2: member = shared
                case 3:
                    member =
                        "{\"lat\":\(number()),\"at\":{\"x\":\(string()),\"y\":\(value(depth: 0))}}"
                default: member = value(depth: depth)
                }
                members.append(key + ":" + member)
            }
            if below(60) == 0 { members.shuffle(using: &random) }
            if below(80) == 0, let first = members.first { members.append(first) }
            return "{" + members.joined(separator: ",") + "}"
        }
        return "[" + rows.joined(separator: ",") + "]"
    }

    /// The same JSON with random whitespace between its tokens.
    mutating func spaced(_ json: String) -> String {
        var result = ""
        var isInString = false
        var isEscaped = false
        for character in json.unicodeScalars {
            if isInString {
                result.unicodeScalars.append(character)
                if isEscaped {
                    isEscaped = false
                } else if character == "\\" {
                    isEscaped = true
                } else if character == "\"" {
                    isInString = false
                }
                continue
            }
            let isMark = "{}[],:".unicodeScalars.contains(character)
            if isMark { result += pick(["", "", " ", "\n", "\n  ", "\t", "\r\n"]) }
            result.unicodeScalars.append(character)
            if isMark { result += pick(["", "", " ", "\n    ", "  "]) }
            if character == "\"" { isInString = true }
        }
        return result
    }
}
