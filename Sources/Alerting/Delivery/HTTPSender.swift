import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Posts JSON to one address, which must not lead into a private network unless that is allowed.
///
/// The name is looked up once, what it stands for is checked, and the connection goes to that very
/// address: a name that means something else a moment later reaches nothing. Redirects are not
/// followed.
struct HTTPSender: Sendable {
    private let url: String
    private let host: String
    private let port: Int
    private let allowsPrivate: Bool

    private static let answerMax: TimeAmount = .seconds(15)
    private static let answerBytesMax = 4_096

    /// Nil for what is no http or https URL.
    init?(url: String, allowsPrivate: Bool) {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
            scheme == "http" || scheme == "https", let host = parts.host, !host.isEmpty
        else { return nil }
        self.url = url
        self.host = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        port = parts.port ?? (scheme == "https" ? 443 : 80)
        self.allowsPrivate = allowsPrivate
    }

    func post(_ body: String, _ headers: [(String, String)]) async throws(DeliveryFailure) {
        let address = try await address()
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(connect: .seconds(10), read: .seconds(15)))
        configuration.dnsOverride = [host: address]
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: configuration)
        let answer: Result<(code: UInt, text: String), any Error>
        do {
            answer = .success(try await send(body, headers, by: client))
        } catch {
            answer = .failure(error)
        }
        try? await client.shutdown()
        switch answer {
        case .failure(let error): throw .failed("\(host) did not answer: \(error)")
        case .success(let answer) where (200..<300).contains(answer.code): return
        case .success(let answer) where answer.code == 410:
            throw .gone("\(host) answered 410: it wants no more notices")
        case .success(let answer):
            throw .failed("\(host) answered \(answer.code) \(answer.text.prefix(200))")
        }
    }

    private func send(
        _ body: String, _ headers: [(String, String)], by client: HTTPClient
    ) async throws -> (code: UInt, text: String) {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.headers.add(name: "user-agent", value: "tally")
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.body = .bytes(ByteBuffer(string: body))
        let response = try await client.execute(request, timeout: Self.answerMax)
        // What it says is only for the log; a long answer says nothing.
        let bytes = try? await response.body.collect(upTo: Self.answerBytesMax)
        return (response.status.code, bytes.map { String(buffer: $0) } ?? "")
    }

    private func address() async throws(DeliveryFailure) -> String {
        let (host, port) = (self.host, self.port)
        let address: String?
        do {
            address = try await NIOThreadPool.singleton.runIfActive {
                try SocketAddress.makeAddressResolvingHost(host, port: port).ipAddress
            }
        } catch {
            throw .failed("\(host) is not known")
        }
        guard let address else { throw .failed("\(host) is not known") }
        guard allowsPrivate || !NetworkAddress.isPrivate(address) else {
            throw .failed(
                "\(host) is \(address), an address of a private network: write allow_private: "
                    + "true if that is meant")
        }
        return address
    }
}

/// Which addresses are not on the internet.
package enum NetworkAddress {
    /// Whether a text is an address of this machine, of a private or link-local network, or none that
    /// one could send to; what is no address at all counts as one.
    package static func isPrivate(_ text: String) -> Bool {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 { return isPrivate(UInt32(bigEndian: four.s_addr)) }
        var six = in6_addr()
        let bare = String(text.prefix { $0 != "%" })
        guard inet_pton(AF_INET6, bare, &six) == 1 else { return true }
        let bytes = withUnsafeBytes(of: six) { Array($0) }
        func embedded(at offset: Int) -> UInt32 {
            bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
        }
        // An address of version 4 in one of version 6: mapped, compatible, NAT64, 6to4.
        if bytes.prefix(10).allSatisfy({ $0 == 0 }) { return isPrivate(embedded(at: 12)) }
        if bytes.prefix(12).elementsEqual([0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]) {
            return isPrivate(embedded(at: 12))
        }
        if bytes.prefix(2).elementsEqual([0x20, 0x02]) { return isPrivate(embedded(at: 2)) }
        // Only 2000::/3 is given out; of it, 2001::/23 is special and 2001:db8::/32 documentation.
        guard bytes[0] & 0xE0 == 0x20 else { return true }
        return bytes.prefix(2).elementsEqual([0x20, 0x01])
            && (bytes[2] < 2 || bytes[2...3].elementsEqual([0x0D, 0xB8]))
    }

    private static let privateRanges: [(UInt32, bits: UInt32)] = [
        (0x0000_0000, 8), (0x0A00_0000, 8), (0x6440_0000, 10), (0x7F00_0000, 8),
        (0xA9FE_0000, 16), (0xAC10_0000, 12), (0xC000_0000, 24), (0xC000_0200, 24),
        (0xC0A8_0000, 16), (0xC612_0000, 15), (0xC633_6400, 24), (0xCB00_7100, 24),
        (0xE000_0000, 3),
    ]

    private static func isPrivate(_ address: UInt32) -> Bool {
        privateRanges.contains { range, bits in address >> (32 - bits) == range >> (32 - bits) }
    }
}
