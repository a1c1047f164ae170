import Glibc
package import HTTPTypes
package import LedgerModel

/// By which names the service may be called, so that a page in a browser is no caller.
///
/// A page of any site can send requests to a service on the reader's own machine. It cannot leave
/// out the `Origin` of the site, and a name of its own that it points to this machine shows in
/// `Host`. On loopback, where callers need no key at first, only names of loopback are accepted, and
/// those of a setting. Elsewhere every call needs a key, which a page does not have.
package struct AcceptedHosts: Sendable {
    private let isLoopback: Bool
    private let names: Set<String>

    /// - Parameters:
    ///   - host: the name or address that the service listens on.
    ///   - further: other names, such as that of a proxy in front.
    package init(listeningOn host: String, isLoopback: Bool, further: [String] = []) {
        self.isLoopback = isLoopback
        names = Set((further + [host]).map { $0.lowercased() })
    }

    package static let loopback = AcceptedHosts(listeningOn: "localhost", isLoopback: true)

    /// Refuses a request that a page of another site may have made.
    package func check(_ request: HTTPRequest) throws(ForeignCaller) {
        let authority = request.authority
        if isLoopback, let authority, !isAccepted(Self.host(of: authority)) {
            throw .host(authority)
        }
        guard let origin = request.headerFields[.origin] else { return }
        let site = origin.split(separator: "/").last.map { String($0) } ?? ""
        let isOwn = Self.isSame(site, authority ?? "", scheme: origin)
        guard isOwn || names.contains(Self.host(of: site)) && !isLoopbackName(Self.host(of: site))
        else { throw .origin(origin) }
    }

    private func isAccepted(_ host: String) -> Bool {
        names.contains(host) || isLoopbackName(host)
    }

    private func isLoopbackName(_ host: String) -> Bool {
        host == "localhost" || Self.isLoopbackAddress(host)
    }

    /// Whether it is an address of loopback, in digits; a name that looks like one is not.
    package static func isLoopbackAddress(_ text: String) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 { return bytes[0] == 127 }
        guard inet_pton(AF_INET6, text, &bytes) == 1 else { return false }
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10...11] == [0xFF, 0xFF]
        return isMapped
            ? bytes[12] == 127 : bytes[..<15].allSatisfy { $0 == 0 } && bytes[15] == 1
    }

    /// The host of `host:port`, in lower case, without the brackets of an IPv6 address.
    private static func host(of authority: String) -> String {
        let text = authority.lowercased()
        if text.hasPrefix("[") { return String(text.dropFirst().prefix { $0 != "]" }) }
        return String(text.prefix { $0 != ":" })
    }

    /// Whether both are the same host and port; a port that is left out is the scheme's.
    private static func isSame(_ site: String, _ authority: String, scheme: String) -> Bool {
        let port = scheme.lowercased().hasPrefix("https:") ? ":443" : ":80"
        func full(_ text: String) -> String {
            let text = text.lowercased()
            let hasPort = text.drop { $0 != "]" && text.hasPrefix("[") }.contains(":")
            return hasPort ? text : text + port
        }
        return !site.isEmpty && full(site) == full(authority)
    }
}

/// Why a request is taken for that of a page in a browser.
package enum ForeignCaller: Fault {
    case host(String)
    case origin(String)
    /// The content type is one that a page may send anywhere without asking.
    case contentType(String?, expected: String)

    package var kind: FaultKind {
        switch self {
        case .host, .origin: .forbidden
        case .contentType: .unsupported
        }
    }

    package var description: String {
        switch self {
        case .host(let host):
            "the service is not called \(host.prefix(100)): use the address that it listens on, or "
                + "name this host in TALLY_ALLOWED_HOSTS"
        case .origin(let origin):
            "pages of \(origin.prefix(100)) may not call the service: name its host in "
                + "TALLY_ALLOWED_HOSTS if they should"
        case .contentType(let type, let expected):
            "the content type \(type?.prefix(100) ?? "is missing and") is not accepted here: send "
                + "content-type: \(expected)"
        }
    }
}
