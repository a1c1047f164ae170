import ArgumentParser
import Foundation
import Server

/// The address at which a service listens: `host:port`, `[::1]:port` or `:port`.
struct ListenAddress {
    let host: String
    let port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    init(_ text: String) throws {
        guard let colon = text.lastIndex(of: ":"),
            let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else {
            throw ValidationError("\(text) is not an address to listen on: write 127.0.0.1:8080")
        }
        let host = text[..<colon].trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        self.host = host.isEmpty ? "0.0.0.0" : host
        self.port = port
    }

    /// Whether nobody else can reach it: an address of loopback, not a name that looks like one.
    var isLoopback: Bool { host == "localhost" || AcceptedHosts.isLoopbackAddress(host) }
}
