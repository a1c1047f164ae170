import Foundation
package import LedgerModel
package import Logging

/// The channels of a plan, with their secrets read.
package struct AlertChannels: Sendable {
    package struct Channel: Sendable {
        package let settings: ChannelSettings
        let channel: any AlertChannel
    }

    package let byName: [Name: Channel]

    /// - Parameter environment: where secrets are kept under the names of variables.
    /// - Throws: `ChannelFault` for a secret that is missing or an address that is none.
    package init(
        _ settings: [ChannelSettings], environment: [String: String], logger: Logger
    ) throws(ChannelFault) {
        var channels: [Name: Channel] = [:]
        for settings in settings {
            channels[settings.name] = Channel(
                settings: settings,
                channel: try Self.channel(settings, Secrets(settings.name, environment), logger))
        }
        byName = channels
    }

    /// The log alone.
    package init(_ logger: Logger) {
        let settings = ChannelSettings(name: "log", kind: .log)
        byName = [settings.name: Channel(settings: settings, channel: LogChannel(logger: logger))]
    }

    private static func channel(
        _ settings: ChannelSettings, _ secrets: Secrets, _ logger: Logger
    ) throws(ChannelFault) -> any AlertChannel {
        func sender(_ url: String, _ allowsPrivate: Bool) throws(ChannelFault) -> HTTPSender {
            guard let sender = HTTPSender(url: url, allowsPrivate: allowsPrivate) else {
                throw ChannelFault(channel: settings.name, "url is no http or https URL")
            }
            return sender
        }
        switch settings.kind {
        case .log: return LogChannel(logger: logger)
        case .webhook(let url, let secret, let allowsPrivate):
            guard let key = WebhookSecret(try secrets.read(secret)) else {
                throw ChannelFault(
                    channel: settings.name,
                    "secret must be whsec_ and base64 of 24 to 64 bytes, such as that of: echo "
                        + "whsec_$(head -c 32 /dev/urandom | base64)")
            }
            return WebhookChannel(
                sender: try sender(try secrets.read(url), allowsPrivate), secret: key)
        case .slack(let url, let allowsPrivate):
            return SlackChannel(sender: try sender(try secrets.read(url), allowsPrivate))
        case .alertmanager(let url, let allowsPrivate):
            var base = try secrets.read(url)
            while base.hasSuffix("/") { base.removeLast() }
            return AlertmanagerChannel(
                sender: try sender(base + "/api/v2/alerts", allowsPrivate))
        case .mail(let mail):
            var password: String?
            if let secret = mail.password { password = try secrets.read(secret) }
            if let file = mail.caFile, !FileManager.default.isReadableFile(atPath: file) {
                throw ChannelFault(channel: settings.name, "the file \(file) cannot be read")
            }
            return MailChannel(settings: mail, password: password)
        }
    }

    /// Sends a notice that says that it is a test.
    func test(
        _ name: String, ledger: String, id: EventID, at now: Timestamp
    ) async throws -> ChannelSettings {
        guard let channel = byName[Name(name)] else {
            let known = byName.keys.map(\.string).sorted()
            throw ChannelFault(
                channel: Name(name),
                "there is none\(Likeness.question(name, among: known)): known are "
                    + known.joined(separator: ", "))
        }
        do throws(DeliveryFailure) {
            try await channel.channel.send(.test(of: Name(name), ledger: ledger, id: id, at: now))
        } catch {
            throw ChannelFault(channel: Name(name), "the test was not delivered: \(error)")
        }
        return channel.settings
    }
}

extension ChannelSettings.Kind {
    /// How often a notice is sent again while its alert is open; nil where once is enough.
    var resendSeconds: Int64? {
        if case .alertmanager = self { AlertmanagerChannel.resendSeconds } else { nil }
    }
}

/// Reads what is kept outside of the file.
private struct Secrets {
    private let channel: Name
    private let environment: [String: String]

    init(_ channel: Name, _ environment: [String: String]) {
        self.channel = channel
        self.environment = environment
    }

    func read(_ secret: SecretText) throws(ChannelFault) -> String {
        switch secret {
        case .plain(let text): return text
        case .environment(let name):
            guard let text = environment[name], !text.isEmpty else {
                throw ChannelFault(channel: channel, "the variable \(name) is not set")
            }
            return text
        case .file(let path):
            guard let data = FileManager.default.contents(atPath: path),
                let text = String(validating: data.prefix(1 << 16), as: UTF8.self)
            else { throw ChannelFault(channel: channel, "the file \(path) cannot be read") }
            return text.trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }
}

/// A channel that cannot be used as it is configured, or that did not take a test.
package struct ChannelFault: Fault {
    package let channel: Name
    let reason: String

    init(channel: Name, _ reason: String) {
        self.channel = channel
        self.reason = reason
    }

    package var kind: FaultKind { .invalid }
    package var description: String { "channel \(channel): \(reason)" }
}
