import CCurl
import Foundation
import LedgerModel
import NIOPosix

/// Sends notices by SMTP, with libcurl, on threads of its own: a slow server delays nobody else.
package struct MailChannel: AlertChannel {
    let settings: MailSettings
    let password: String?

    private static let timeoutSeconds = 30
    private static let threads = {
        let threads = NIOThreadPool(numberOfThreads: 2)
        threads.start()
        return threads
    }()

    package func send(_ notice: AlertNotice) async throws(DeliveryFailure) {
        let channel = self
        let failure: String?
        do {
            failure = try await Self.threads.runIfActive { channel.sendNow(notice) }
        } catch {
            throw .failed("the service is shutting down")
        }
        if let failure { throw .failed(failure) }
    }

    /// Blocks; what went wrong, or nil.
    private func sendNow(_ notice: AlertNotice) -> String? {
        let message = Self.message(notice, from: settings.from, to: settings.to)
        var texts: [UnsafeMutablePointer<CChar>?] = []
        defer { for text in texts { free(text) } }
        func lent(_ text: String?) -> UnsafePointer<CChar>? {
            guard let copy = text.flatMap({ strdup($0) }) else { return nil }
            texts.append(copy)
            return UnsafePointer(copy)
        }
        let recipients = settings.to.map { lent("<\($0)>") }
        let body = Array(message.utf8).map { CChar(bitPattern: $0) }
        var error = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))
        let code = recipients.withUnsafeBufferPointer { recipients in
            body.withUnsafeBufferPointer { body in
                var mail = tally_mail(
                    url: lent(settings.server), from: lent("<\(settings.from)>"),
                    to: recipients.baseAddress, to_count: recipients.count,
                    user: lent(settings.user), password: lent(password),
                    requires_tls: settings.allowsPlain ? 0 : 1,
                    ca_file: lent(settings.caFile), timeout_seconds: Self.timeoutSeconds,
                    message: body.baseAddress,
                    message_length: body.count)
                return tally_mail_send(&mail, &error)
            }
        }
        if code == 0 { return nil }
        let reason = String(
            decoding: error.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return "the mail server did not take it: \(reason)"
    }

    /// The message of RFC 5322: the subject may hold any text, and the body is base64, so that no line
    /// is too long and none begins with a dot.
    package static func message(_ notice: AlertNotice, from: String, to: [String]) -> String {
        let isPlain = notice.title.utf8.allSatisfy { (32...126).contains($0) }
        let domain = from.split(separator: "@").last ?? "localhost"
        let head = [
            "From: Tallystick <\(from)>", "To: \(to.map { "<\($0)>" }.joined(separator: ",\r\n "))",
            "Subject: " + (isPlain ? notice.title : encodedWords(notice.title)),
            "Date: \(date(notice.sentAt))", "Message-ID: <\(notice.id)@\(domain)>",
            "Auto-Submitted: auto-generated", "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64",
        ]
        let body = Data(notice.text.replacing("\n", with: "\r\n").utf8)
            .base64EncodedString(options: .lineLength76Characters)
        return head.joined(separator: "\r\n") + "\r\n\r\n" + body + "\r\n"
    }

    /// Words of RFC 2047, each of at most 75 characters and of whole characters.
    private static func encodedWords(_ text: String) -> String {
        var words: [String] = []
        var part = ""
        for character in text {
            if part.utf8.count + character.utf8.count > 36 {
                words.append(part)
                part = ""
            }
            part.append(character)
        }
        words.append(part)
        return words.map { "=?utf-8?B?\(Data($0.utf8).base64EncodedString())?=" }
            .joined(separator: "\r\n ")
    }

    private static func date(_ time: Timestamp) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss '+0000'"
        return formatter.string(
            from: Date(timeIntervalSince1970: Double(time.unixMilliseconds) / 1_000))
    }
}
