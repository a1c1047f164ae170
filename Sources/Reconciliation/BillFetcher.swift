import AsyncHTTPClient
package import LedgerModel
import NIOCore
import NIOHTTP1
import Pricing

/// Fetches costs and usage from a provider's organisation API, page by page.
///
/// Responses are documents for `BillReader`, as if they had been saved to files.
package struct BillFetcher: Sendable {
    package struct Limits: Sendable {
        package var attemptsMax = 6
        /// The most time for one response, from the request to its last byte.
        package var answerMax: Duration = .seconds(60)
        package var pauseMax: Duration = .seconds(60)
        package var pagesMax = 1_000

        package init() {}
    }

    private let provider: BilledProvider
    private let baseURL: String
    private let key: String
    private let limits: Limits
    private let now: @Sendable () -> Timestamp
    private let pause: @Sendable (Duration) async throws -> Void

    /// - Parameters:
    ///   - baseURL: without a slash at the end; nil for the provider's own.
    ///   - key: an admin key; it is sent and never shown.
    ///   - now: the clock, for a Retry-After that names a time.
    ///   - pause: waits between two attempts.
    package init(
        of provider: BilledProvider, baseURL: String? = nil, key: String,
        limits: Limits = Limits(), now: @escaping @Sendable () -> Timestamp,
        pause: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.provider = provider
        self.baseURL = baseURL ?? provider.defaultBaseURL
        self.key = key
        self.limits = limits
        self.now = now
        self.pause = pause
    }

    /// Every page of costs and of usage for whole days.
    ///
    /// - Throws: `FetchFailure`.
    package func fetch(_ days: Range<Timestamp>) async throws -> [BillDocument] {
        let client = HTTPClient(eventLoopGroupProvider: .singleton)
        do {
            var documents: [BillDocument] = []
            for report in provider.reports {
                documents += try await pages(of: report, days, client)
            }
            try await client.shutdown()
            return documents
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    private func pages(
        of report: Report, _ days: Range<Timestamp>, _ client: HTTPClient
    ) async throws -> [BillDocument] {
        var pages: [BillDocument] = []
        var cursor: String?
        var seen: Set<String> = []
        repeat {
            guard pages.count < limits.pagesMax else {
                throw FetchFailure(
                    "\(report.path) has more than \(limits.pagesMax) pages: ask for fewer days")
            }
            let query = provider.query(days) + report.query + (cursor.map { [("page", $0)] } ?? [])
            let body = try await get(report.path, query, client)
            let name = "\(report.path), page \(pages.count + 1)"
            cursor = try nextPage(of: body, name)
            pages.append(BillDocument(name: name, bytes: body, isFollowed: cursor != nil))
            if let cursor, !seen.insert(cursor).inserted {
                throw FetchFailure("\(report.path) returns the same page over and over")
            }
        } while cursor != nil
        return pages
    }

    private func nextPage(of page: [UInt8], _ name: String) throws -> String? {
        let root: FileNode
        let cursor: String?
        do {
            root = try FileNode(parsing: String(decoding: page, as: UTF8.self))
            guard try root.text(of: "has_more") == "true" else { return nil }
            cursor = try root.text(of: "next_page")
        } catch {
            throw FetchFailure("\(name) is not JSON: \(error)")
        }
        guard let cursor else {
            throw FetchFailure("\(name) says that more pages follow, but names none")
        }
        return cursor
    }

    // MARK: One answer

    private func get(
        _ path: String, _ query: [(String, String)], _ client: HTTPClient
    ) async throws -> [UInt8] {
        let terms = query.map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&")
        var request = HTTPClientRequest(url: "\(baseURL)\(path)?\(terms)")
        for (name, value) in provider.headers(key: key) {
            request.headers.add(name: name, value: value)
        }
        var attempt = 1
        while true {
            switch try await attemptOnce(request, client) {
            case .answered(let bytes): return bytes
            case .failed(let problem, let retryAfter):
                guard attempt < limits.attemptsMax else {
                    throw FetchFailure("\(path): \(problem), \(attempt) times")
                }
                try await pause(min(retryAfter ?? backoff(after: attempt), limits.pauseMax))
                attempt += 1
            }
        }
    }

    private enum Attempt {
        case answered([UInt8])
        /// The call failed but may be tried again; other errors are thrown.
        case failed(String, retryAfter: Duration?)
    }

    private func attemptOnce(
        _ request: HTTPClientRequest, _ client: HTTPClient
    ) async throws -> Attempt {
        let timeout = TimeAmount.nanoseconds(limits.answerMax.components.seconds * 1_000_000_000)
        let response: HTTPClientResponse
        let body: ByteBuffer
        do {
            response = try await client.execute(request, timeout: timeout)
            body = try await response.body.collect(upTo: BillDocument.bytesMax)
        } catch {
            try Task.checkCancellation()
            return .failed("\(baseURL) cannot be reached (\(error))", retryAfter: nil)
        }
        switch response.status.code {
        case 200: return .answered(Array(body.readableBytesView))
        case 401, 403:
            throw FetchFailure(
                "\(provider.rawValue) refused the key (\(response.status.code)): "
                    + "set \(provider.keyVariable) to an admin key that may read usage and costs"
            )
        case 408, 429, 500...:
            let header = response.headers.first(name: "retry-after")
            return .failed(
                "answered \(response.status.code)", retryAfter: header.flatMap { retryAfter($0) })
        default:
            let text = String(decoding: body.readableBytesView.prefix(300), as: UTF8.self)
            throw FetchFailure("\(request.url): \(response.status.code) \(text)")
        }
    }

    /// The pause before a retry: half a second, doubled each time, at random between half and all
    /// of it.
    private func backoff(after attempt: Int) -> Duration {
        let full = 500 << min(attempt - 1, 10)
        return .milliseconds(Int.random(in: full / 2...full))
    }

    /// Reads seconds, or a time in HTTP's format.
    func retryAfter(_ header: String) -> Duration? {
        if let seconds = Int(header) { return .seconds(max(0, seconds)) }
        guard let time = Timestamp(httpDate: header) else { return nil }
        return .microseconds(max(0, time.microseconds - now().microseconds))
    }
}

/// Why a bill could not be fetched; a sentence.
package struct FetchFailure: Fault {
    package var kind: FaultKind { .unavailable(retryAfter: .seconds(60)) }

    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// The text with every character percent-encoded that RFC 3986 does not leave unreserved.
private func encoded(_ text: String) -> String {
    text.utf8.map { byte in
        let isPlain =
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            || "-._~".utf8.contains(byte)
        if isPlain { return String(UnicodeScalar(byte)) }
        let digits = String(byte, radix: 16, uppercase: true)
        return "%" + (byte < 16 ? "0" : "") + digits
    }.joined()
}

extension Timestamp {
    /// Reads `Tue, 24 Nov 2026 10:00:00 GMT`.
    package init?(httpDate text: String) {
        let parts = text.split(separator: " ")
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        guard parts.count == 6, parts[5] == "GMT",
            let month = months.firstIndex(of: String(parts[2]))
        else { return nil }
        let number = month + 1 < 10 ? "0\(month + 1)" : "\(month + 1)"
        self.init(rfc3339: "\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z")
    }
}
