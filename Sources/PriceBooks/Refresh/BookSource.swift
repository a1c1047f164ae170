import AsyncHTTPClient
import Foundation
package import LedgerModel
import NIOCore
import NIOHTTP1
package import Pricing

/// Where price books come from: an http(s) URL, or a file.
package struct BookSource: Sendable {
    /// The URL or path as configured; may hold a password.
    private let location: String

    package static let bytesMax = 16 << 20
    private static let answerMax: Duration = .seconds(30)

    package init(_ location: String) {
        self.location = location
    }

    /// The location without secrets: user, password, query.
    package var name: String {
        guard isURL, var parts = URLComponents(string: location) else { return location }
        parts.user = nil
        parts.password = nil
        parts.query = nil
        parts.fragment = nil
        return parts.string ?? "the configured URL"
    }

    private var isURL: Bool {
        location.hasPrefix("http://") || location.hasPrefix("https://")
    }

    /// The answer of a source.
    package enum Answer: Sendable {
        /// The tag still stands for the current file.
        case unchanged
        /// The file, and the server's tag for it.
        case file(String, tag: String?)
    }

    /// Fetches the file, unless the tag of an earlier answer still stands for it.
    package func fetch(unless tag: String? = nil) async throws(RefreshFailure) -> Answer {
        if isURL { return try await download(unless: tag) }
        guard
            let size = try? FileManager.default.attributesOfItem(atPath: location)[.size]
                as? Int
        else { throw .unreachable(name, reason: "there is no such file") }
        guard size <= Self.bytesMax else { throw .tooLarge(name) }
        guard let data = FileManager.default.contents(atPath: location) else {
            throw .unreachable(name, reason: "the file cannot be read")
        }
        guard let text = String(validating: data, as: UTF8.self) else { throw .notText(name) }
        return .file(text, tag: nil)
    }

    private static let http: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.timeout = HTTPClient.Configuration.Timeout(
            connect: .seconds(10), read: .seconds(15))
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    private func download(unless tag: String?) async throws(RefreshFailure) -> Answer {
        var request = HTTPClientRequest(url: location)
        request.headers.add(name: "user-agent", value: "tally")
        if let tag { request.headers.add(name: "if-none-match", value: tag) }
        let bytes: ByteBuffer
        let newTag: String?
        do {
            let seconds = Self.answerMax.components.seconds
            // The deadline is for the whole answer, not only its head.
            let response = try await Self.http.execute(request, timeout: .seconds(seconds))
            if response.status == .notModified, tag != nil { return .unchanged }
            guard response.status == .ok else {
                throw RefreshFailure.status(name, Int(response.status.code))
            }
            bytes = try await response.body.collect(upTo: Self.bytesMax)
            newTag = response.headers.first(name: "etag")
        } catch let failure as RefreshFailure {
            throw failure
        } catch is NIOTooManyBytesError {
            throw .tooLarge(name)
        } catch {
            throw .unreachable(name, reason: "\(error)")
        }
        guard let text = String(validating: bytes.readableBytesView, as: UTF8.self) else {
            throw .notText(name)
        }
        return .file(text, tag: newTag)
    }
}

/// Why a refresh changed nothing.
package enum RefreshFailure: Error, Sendable {
    case unreachable(String, reason: String)
    case status(String, Int)
    case tooLarge(String)
    case notText(String)
    case notABook(String, PriceFileError)
    /// The terms in force can't be applied to the new book.
    case terms(String, PriceFileError)
    /// The ledger has no book to compare the new one with.
    case noBook
}

extension RefreshFailure: Fault {
    package var kind: FaultKind { .invalid }

    package var description: String {
        switch self {
        case .unreachable(let name, let reason):
            "the price book \(name) can't be fetched (\(reason)); the prices stay as they are"
        case .status(let name, let code):
            "the price book \(name) can't be fetched (the answer was \(code)); the prices stay as "
                + "they are"
        case .tooLarge(let name):
            "the answer of \(name) is larger than \(BookSource.bytesMax >> 20) MiB, too large for "
                + "a price book; the prices stay as they are"
        case .notText(let name):
            "the answer of \(name) is not UTF-8, so not a price book; the prices stay as "
                + "they are"
        case .notABook(let name, let error):
            "the answer of \(name) is refused: \(error); the prices stay as they are"
        case .terms(let name, let error):
            "the terms in force can't be applied to the price book \(name): \(error); the prices "
                + "stay as they are"
        case .noBook: "the ledger has no price book yet: publish one with tally prices import"
        }
    }

    /// The label in a metric.
    package var label: String {
        switch self {
        case .unreachable, .status: "unreachable"
        case .tooLarge, .notText, .notABook: "refused"
        case .terms: "terms"
        case .noBook: "no_book"
        }
    }
}
