/// Where a Redis server listens, and how to get in.
package struct RedisAddress: Sendable, Equatable {
    package enum Place: Sendable, Equatable {
        case host(String, port: Int32)
        case socket(String)
    }

    package var place: Place
    package var user: String?
    package var password: String?
    package var database = 0

    package static let standardPort: Int32 = 6379

    /// Reads `redis://user:password@host:port/database` or `unix:///path?db=1`; all but host and
    /// path may be left out, and reserved characters are written as `%2F`.
    package init(_ text: String) throws(CacheTierFault) {
        // The sentence shows no password.
        let shown = Self.shown(text)
        if let rest = Self.rest(of: text, after: "unix://") {
            let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            guard let path = Self.decoded(parts[0]), path.hasPrefix("/"), path.utf8.count < 108
            else { throw .redisAddress(shown) }
            place = .socket(path)
            if parts.count == 2 {
                guard
                    let number = Self.rest(of: String(parts[1]), after: "db=").flatMap(Self.number)
                else { throw .redisAddress(shown) }
                database = number
            }
            return
        }
        guard let rest = Self.rest(of: text, after: "redis://") else { throw .redisAddress(shown) }
        let path = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let halves = path[0].split(separator: "@", omittingEmptySubsequences: false)
        guard halves.count <= 2, let server = halves.last else { throw .redisAddress(shown) }
        guard let place = Self.place(server) else { throw .redisAddress(shown) }
        self.place = place
        if halves.count == 2 {
            let names = halves[0].split(
                separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            user = Self.decoded(names[0]).flatMap { $0.isEmpty ? nil : $0 }
            password = names.count == 2 ? Self.decoded(names[1]) : nil
        }
        if path.count == 2, !path[1].isEmpty {
            guard let number = Self.number(String(path[1])) else { throw .redisAddress(shown) }
            database = number
        }
    }

    private static func place(_ text: Substring) -> Place? {
        var text = text
        var port = standardPort
        // An address of IPv6 stands in brackets, because it has colons itself.
        let end = text.lastIndex(of: "]") ?? text.startIndex
        if let colon = text[end...].lastIndex(of: ":") {
            guard let number = Int32(text[text.index(after: colon)...]), (1...65_535) ~= number
            else { return nil }
            port = number
            text = text[..<colon]
        }
        if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
        return text.isEmpty ? nil : .host(String(text), port: port)
    }

    private static func rest(of text: String, after prefix: String) -> String? {
        text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
    }

    private static func number(_ text: String) -> Int? {
        Int(text).flatMap { (0...65_535).contains($0) ? $0 : nil }
    }

    /// Nil if a percent sign is not followed by two digits.
    private static func decoded(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = text[...]
        while let character = rest.popFirst() {
            guard character == "%" else {
                bytes += character.utf8
                continue
            }
            guard let byte = UInt8(rest.prefix(2), radix: 16), rest.count >= 2 else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func shown(_ text: String) -> String {
        guard let at = text.lastIndex(of: "@") else { return text }
        return "redis://…" + text[at...]
    }
}
