import AsyncHTTPClient
package import LedgerModel
import NIOCore
import NIOHTTP1
import Resilience
import Synchronization

/// Posts spans to a collector: OTLP over HTTP, as protobuf.
///
/// <https://opentelemetry.io/docs/specs/otlp/#otlphttp>: 429, 502, 503, 504 and what found nobody are
/// tried again, anything else is not.
package final class CollectorSender: SpanSender {
    private let url: String
    private let http: HTTPClient
    private let chance: Mutex<SeededChance>

    private static let answerMax = TimeAmount.seconds(10)
    private static let answerBytesMax = 65_536

    /// - Parameters:
    ///   - endpoint: the collector's base address, such as `http://localhost:4318`.
    ///   - seed: of the times between tries.
    package init(endpoint: String, seed: UInt64) throws(EndpointRefused) {
        let endpoint = endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
        guard endpoint.hasPrefix("http://") || endpoint.hasPrefix("https://"),
            endpoint.split(separator: "/").count > 1
        else { throw EndpointRefused(endpoint: endpoint) }
        url = endpoint + "/v1/traces"
        chance = Mutex(SeededChance(seed: seed))
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = HTTPClient.Configuration.Timeout(connect: .seconds(5))
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    package struct EndpointRefused: Fault {
        let endpoint: String
        package var kind: FaultKind { .invalid }
        package var description: String {
            "tracing.endpoint is \"\(endpoint)\": give the base address of an OTLP collector, such "
                + "as http://localhost:4318"
        }
    }

    package func close() async { try? await http.shutdown() }

    package func send(_ message: [UInt8], tries: Int) async -> Bool {
        for number in 1...max(1, tries) {
            let answer = await post(message)
            if answer == .taken { return true }
            guard case .again(let delay) = answer, number < tries else { return false }
            let wait = chance.withLock {
                Backoff().microseconds(before: number, retryAfter: delay, using: &$0)
            }
            // A service that stops doesn't wait.
            do { try await Task.sleep(for: .microseconds(wait)) } catch { return false }
        }
        return false
    }

    private enum Answer: Equatable {
        case taken, refused
        case again(after: Duration?)
    }

    private func post(_ message: [UInt8]) async -> Answer {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/x-protobuf")
        request.headers.add(name: "user-agent", value: "tally")
        request.body = .bytes(ByteBuffer(bytes: message))
        do {
            let response = try await http.execute(request, timeout: Self.answerMax)
            _ = try await response.body.collect(upTo: Self.answerBytesMax)
            switch response.status.code {
            case 200..<300: return .taken
            case 429, 502, 503, 504:
                let seconds = response.headers.first(name: "retry-after").flatMap { Int64($0) }
                return .again(after: seconds.map { .seconds($0) })
            default: return .refused
            }
        } catch {
            return .again(after: nil)
        }
    }
}
