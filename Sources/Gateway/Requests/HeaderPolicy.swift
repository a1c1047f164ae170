package import HTTPTypes

/// Which headers pass through the gateway: all but those that belong to one of the two connections,
/// that let somebody in, or that are ours.
package enum HeaderPolicy {
    /// What a provider gets of a caller's headers.
    package static func request(_ headers: HTTPFields) -> [(name: String, value: String)] {
        let named = connectionNames(of: headers)
        return headers.compactMap { field in
            let name = field.name.canonicalName
            guard !kept.contains(name), !ofCaller.contains(name), !named.contains(name),
                !prefixes.contains(where: { name.hasPrefix($0) })
            else { return nil }
            return (name, field.value)
        }
    }

    /// What a caller gets of a provider's headers.
    package static func answer(_ headers: [(name: String, value: String)]) -> HTTPFields {
        var fields = HTTPFields()
        fields.reserveCapacity(headers.count + 8)
        for (name, value) in headers {
            guard let field = HTTPField.Name(name), !kept.contains(field.canonicalName),
                !ofProvider.contains(field.canonicalName),
                !field.canonicalName.hasPrefix(ours)
            else { continue }
            fields.append(HTTPField(name: field, value: value))
        }
        return fields
    }

    /// Of one connection, in either direction (RFC 9110, 7.6.1), and the length, which follows from
    /// the body.
    private static let kept: Set<String> = [
        "connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding",
        "upgrade", "content-length",
    ]

    /// Keys and cookies; who was asked; how a body was coded, which is undone here; and the trace,
    /// which goes on with a span of ours.
    private static let ofCaller: Set<String> = [
        "authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie", "host",
        "accept-encoding", "content-encoding", "expect", "forwarded", "via", "x-real-ip",
        "traceparent", "tracestate",
    ]
    private static let ours = "x-tally-"
    private static let prefixes = [ours, "x-forwarded-", "proxy-"]

    /// About the provider's site, not its answer.
    private static let ofProvider: Set<String> = [
        "set-cookie", "alt-svc", "strict-transport-security", "date", "server", "via",
    ]

    /// What a `Connection` header says is of this connection alone.
    private static func connectionNames(of headers: HTTPFields) -> Set<String> {
        guard let connection = headers[.connection] else { return [] }
        return Set(
            connection.lowercased().split(separator: ",").map { word in
                String(word.drop { $0 == " " }.prefix { $0 != " " })
            })
    }
}
