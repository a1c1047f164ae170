import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Where a provider listens.
struct ProviderOrigin: Sendable {
    let isSecure: Bool
    let host: String
    let port: Int
    /// The value of the header `host`.
    let authority: String
    /// What goes before the path of every call.
    let prefix: String

    init?(_ baseURL: String) {
        guard let parts = URLComponents(string: baseURL), let host = parts.host, !host.isEmpty
        else { return nil }
        isSecure = parts.scheme == "https"
        // An IPv6 address stands in brackets in a URL, and without them elsewhere.
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        let name = self.host.contains(":") ? "[\(self.host)]" : self.host
        let standard = isSecure ? 443 : 80
        port = parts.port ?? standard
        authority = port == standard ? name : "\(name):\(port)"
        prefix = parts.percentEncodedPath
    }
}

/// The connections of one event loop to one provider.
///
/// A call takes the connection that was used last; if none is free, another one is made. Everything
/// happens on the loop, so that no lock is needed. One task a loop looks after the times of all
/// calls: a timer for each would cost more than all the rest of a call's bookkeeping.
final class ConnectionPool {
    /// Connections that are kept for later calls, of one loop.
    static let idleMax = 512
    /// How often times are looked at.
    static let lookEvery = TimeAmount.milliseconds(100)
    /// How long a connection is kept without a call.
    ///
    /// Servers written in Python and JavaScript close it after 5 seconds, and a call that is sent
    /// in that moment is lost. Secure connections are dear, so they are kept longer.
    static let idleTime = TimeAmount.seconds(4)
    static let secureIdleTime = TimeAmount.seconds(60)
    static let headBytesMax = 64 << 10
    static let headFieldsMax = 256

    private let name: String
    private let origin: ProviderOrigin
    private let times: ModelProvider.Times
    private let loop: any EventLoop
    private var idle: [ProviderConnection] = []
    private var busy: [ObjectIdentifier: ProviderConnection] = [:]
    private var isWatching = false
    private var isClosed = false

    init(
        _ name: String, _ origin: ProviderOrigin, _ times: ModelProvider.Times,
        on loop: any EventLoop
    ) {
        self.name = name
        self.origin = origin
        self.times = times
        self.loop = loop
    }

    func start(_ request: ProviderRequest, for exchange: ProviderExchange) {
        guard !isClosed else {
            return exchange.fail(ProviderFault.unreachable(name, reason: "the client was closed"))
        }
        while let connection = idle.popLast() {
            guard connection.isOpen else { continue }
            return run(request, for: exchange, on: connection)
        }
        connect(request, for: exchange)
    }

    private func run(
        _ request: ProviderRequest, for exchange: ProviderExchange,
        on connection: ProviderConnection
    ) {
        busy[ObjectIdentifier(connection)] = connection
        watch()
        connection.run(request, for: exchange)
    }

    /// A connection is free again.
    func checkIn(_ connection: ProviderConnection) {
        busy[ObjectIdentifier(connection)] = nil
        guard !isClosed, connection.isOpen, idle.count < Self.idleMax else {
            return connection.close()
        }
        idle.append(connection)
        watch()
    }

    /// A connection is closed.
    func remove(_ connection: ProviderConnection) {
        busy[ObjectIdentifier(connection)] = nil
        idle.removeAll { $0 === connection }
    }

    func close() {
        isClosed = true
        for connection in idle { connection.close() }
        for connection in busy.values { connection.close() }
    }

    // MARK: Times

    private func watch() {
        guard !isWatching else { return }
        isWatching = true
        loop.assumeIsolated().scheduleTask(in: Self.lookEvery) { [weak self] in self?.look() }
    }

    private func look() {
        isWatching = false
        let now = NIODeadline.now()
        for connection in busy.values { connection.check(times, at: now) }
        let idleTime = origin.isSecure ? Self.secureIdleTime : Self.idleTime
        // The oldest stand first.
        for connection in idle.prefix(while: { now - $0.lastAt > idleTime }) { connection.close() }
        if !busy.isEmpty || !idle.isEmpty { watch() }
    }

    // MARK: Connecting

    private func connect(_ request: ProviderRequest, for exchange: ProviderExchange) {
        let tls: NIOSSLContext?
        do { tls = origin.isSecure ? try Self.tls.get() : nil } catch {
            return exchange.fail(ProviderFault.unreachable(name, reason: "TLS: \(error)"))
        }
        let (name, host) = (self.name, origin.host)
        ClientBootstrap(group: loop)
            .connectTimeout(times.connect.amount)
            // Small pieces go out at once, however the last one fares.
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(Self.handler(tls, host)) }
                    var encoding = HTTPRequestEncoder.Configuration()
                    encoding.automaticallySetFramingHeaders = false
                    var limits = NIOHTTPDecoderLimitConfiguration()
                    limits.maxHeaderFieldSize = Self.headBytesMax
                    limits.maxHeaderListSize = Self.headBytesMax
                    limits.maxHeaderFieldCount = Self.headFieldsMax
                    try pipeline.addHandler(HTTPRequestEncoder(configuration: encoding))
                    try pipeline.addHandler(
                        ByteToMessageHandler(HTTPResponseDecoder(limitConfiguration: limits)))
                    try pipeline.addHandler(ProviderConnection(name))
                }
            }
            .connect(host: host, port: origin.port)
            .assumeIsolated().whenComplete { [weak self] result in
                self?.connected(result, request, for: exchange)
                    ?? exchange.fail(
                        ProviderFault.unreachable(name, reason: "the client was closed"))
            }
    }

    private func connected(
        _ result: Result<any Channel, any Error>, _ request: ProviderRequest,
        for exchange: ProviderExchange
    ) {
        do {
            let channel = try result.get()
            let connection = try channel.pipeline.syncOperations.handler(
                type: ProviderConnection.self)
            connection.pool = self
            guard !isClosed else { throw ChannelError.ioOnClosedChannel }
            run(request, for: exchange, on: connection)
        } catch {
            exchange.fail(ProviderFault.unreachable(name, reason: Self.reason(error)))
        }
    }

    /// Read once for all providers: the certificates of a system take megabytes and tens of
    /// milliseconds.
    private static let tls = Result {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.applicationProtocols = ["http/1.1"]
        return try NIOSSLContext(configuration: configuration)
    }

    private static func handler(
        _ tls: NIOSSLContext, _ host: String
    ) throws -> NIOSSLClientHandler {
        // An address is no name that a server could choose its certificate by.
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return try NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : host)
    }

    /// What is wrong, without the address that the fault names anyhow.
    private static func reason(_ error: any Error) -> String {
        guard let error = error as? NIOConnectionError else { return "\(error)" }
        return error.connectionErrors.first.map { "\($0.error)" }
            ?? "the name \(error.host) is not known"
    }
}
