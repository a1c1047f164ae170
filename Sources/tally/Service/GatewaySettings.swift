import Configuration
import Gateway
import Logging
import Providers
import Routing
import Spooling

/// How the gateway routes, and where its charges wait.
struct GatewaySettings: Sendable {
    /// The file with routes, limits and classes; nil for the standard ones.
    let file: String?
    /// Where charges are kept on their way into the ledger.
    let spool: String
    /// The collector that gets the gateway's own spans.
    let collector: String?

    init(_ reader: ConfigReader, dataDirectory: String) throws {
        file = reader.string(forKey: "tally.gateway.file")
        spool = reader.string(forKey: "tally.gateway.spool") ?? dataDirectory + "/spool"
        collector = reader.string(forKey: "tally.tracing.endpoint")
    }

    /// - Parameter providers: those that routes may name.
    func policy(providers: ProviderSet) throws -> GatewayPolicy {
        guard let file else { return GatewayPolicy() }
        return try Self.read(file, providers: providers.all.map(\.name))
    }

    static func read(_ path: String, providers: [String]? = nil) throws -> GatewayPolicy {
        let text = try readText(path, "the file of the gateway")
        do { return try GatewayFile.read(text, providers: providers) } catch {
            throw InputRefused("the file of the gateway \(path): \(error)")
        }
    }

    /// Services that may have their spools beside each other.
    private static let neighboursMax = 64

    /// Opens the spool, with what an earlier process left in it.
    ///
    /// Where several services share a folder, each takes the first spool that nobody uses: what one
    /// that was killed left is booked by whoever comes next.
    func openSpool(_ logger: Logger) throws -> BookingSpool {
        for number in 1...Self.neighboursMax {
            do {
                return try BookingSpool(
                    directory: number == 1 ? spool : "\(spool)-\(number)",
                    report: { report in
                        logger.warning(
                            "the spool of the gateway", metadata: ["report": "\(report)"])
                    })
            } catch SpoolUnusable.inUse {
                continue
            } catch SpoolUnusable.unusable(let reason) {
                throw InputRefused("gateway.spool: \(reason)")
            }
        }
        throw InputRefused(
            "\(Self.neighboursMax) services use the spools at \(spool): set gateway.spool")
    }
}
