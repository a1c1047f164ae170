import Crypto
import Foundation
import LedgerModel

/// AWS Signature Version 4, for one request to S3 without a query.
///
/// Source: "Authenticating Requests: Using the Authorization Header", Amazon S3 API Reference.
struct AmazonSignature {
    let keyID: String
    let secret: String
    let region: String
    let time: Timestamp

    /// The headers of a request: the given ones, the time, the digest of the body, and the
    /// signature of all of them.
    ///
    /// - Parameters:
    ///   - path: percent-encoded as by `encoded`.
    ///   - headers: with names in lower case; `host` is one of them.
    func headers(
        for method: String, _ path: String, _ headers: [(name: String, value: String)],
        body: [UInt8]
    ) -> [(name: String, value: String)] {
        let digest = Digest(hashing: body).description
        let signed =
            (headers + [
                (name: "x-amz-content-sha256", value: digest), (name: "x-amz-date", value: stamp),
            ]).sorted { $0.name < $1.name }
        let names = signed.map(\.name).joined(separator: ";")
        let request = """
            \(method)
            \(path)

            \(signed.map { "\($0.name):\($0.value)\n" }.joined())
            \(names)
            \(digest)
            """
        let scope = "\(day)/\(region)/s3/aws4_request"
        let text = """
            AWS4-HMAC-SHA256
            \(stamp)
            \(scope)
            \(Digest(hashing: request.utf8))
            """
        let signature = hexadecimal(code(text, SymmetricKey(data: signingKey)))
        return signed + [
            (
                name: "authorization",
                value: "AWS4-HMAC-SHA256 Credential=\(keyID)/\(scope),SignedHeaders=\(names),"
                    + "Signature=\(signature)"
            )
        ]
    }

    /// A path in which all but unreserved characters and slashes are percent-encoded.
    static func encoded(_ path: String) -> String {
        path.addingPercentEncoding(withAllowedCharacters: unreserved) ?? path
    }

    /// `20130524T000000Z`.
    private var stamp: String {
        let digits = time.description.filter { $0 != "-" && $0 != ":" }
        return digits.prefix { $0 != "." && $0 != "Z" } + "Z"
    }

    private var day: Substring { stamp.prefix(8) }

    private var signingKey: Data {
        [String(day), region, "s3", "aws4_request"].reduce(Data("AWS4\(secret)".utf8)) {
            Data(code($1, SymmetricKey(data: $0)))
        }
    }

    private func code(_ text: String, _ key: SymmetricKey) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key)
    }

    private static let unreserved = CharacterSet(
        charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/")
}
