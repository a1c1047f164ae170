import JSON
import LedgerModel
import Performance
package import Pricing

/// Reads `alerts.yaml`: channels, rules, and which rule tells which channels.
///
/// A key that is not known is refused with its line and column.
package enum AlertFile {
    package static let bytesMax = 1 << 20

    package static func read(_ text: String) throws(PriceFileError) -> AlertPlan {
        let root = try Fields(try FileNode(parsing: text), "the file")
        let version = try root.text("tally_alerts")
        guard version == "1" else { throw root.error("tally_alerts must be 1") }
        var channels = [ChannelSettings(name: "log", kind: .log)]
        for entry in try root.node("channels")?.entries("channels") ?? [] {
            let channel = try channel(entry)
            guard !channels.contains(where: { $0.name == channel.name }) else {
                throw entry.value.error("there is a channel \(entry.key) already")
            }
            channels.append(channel)
        }
        guard channels.count <= AlertPlan.channelsMax else {
            throw root.error("there are more than \(AlertPlan.channelsMax) channels")
        }
        let known = Set(channels.map(\.name))
        let standard = try route(root, known, otherwise: .log)
        var rules: [AlertRule] = []
        for entry in try root.node("rules")?.entries("rules") ?? [] {
            rules.append(try rule(entry, known, standard))
        }
        guard rules.count <= AlertPlan.rulesMax else {
            throw root.error("there are more than \(AlertPlan.rulesMax) rules")
        }
        // A rule replaces the standard one of its name; `without` leaves some out.
        var others = AlertPlan.standardRules(standard)
        if let node = try root.node("without") {
            for name in try texts(node, "without") {
                guard others.contains(where: { $0.name == Name(name) }) else {
                    throw node.error("\(name) is none of the standard rules")
                }
                others.removeAll { $0.name == Name(name) }
            }
        }
        try root.finish()
        let named = Set(rules.map(\.name))
        return AlertPlan(
            rules: rules + others.filter { !named.contains($0.name) }, channels: channels)
    }

    // MARK: Channels

    private static func channel(
        _ entry: FileNode.Entry
    ) throws(PriceFileError) -> ChannelSettings {
        let fields = try Fields(entry.value, "channel \(entry.key)")
        let name = try self.name(entry, upTo: ChannelSettings.nameBytesMax)
        let kind: ChannelSettings.Kind
        switch try fields.text("type") {
        case "log": kind = .log
        case "webhook":
            kind = .webhook(
                url: try secret(fields, "url"), secret: try secret(fields, "secret"),
                allowsPrivate: try fields.flag("allow_private"))
        case "slack":
            kind = .slack(
                url: try secret(fields, "url"), allowsPrivate: try fields.flag("allow_private"))
        case "alertmanager":
            kind = .alertmanager(
                url: try secret(fields, "url"), allowsPrivate: try fields.flag("allow_private"))
        case "mail": kind = .mail(try mail(fields))
        case let other:
            throw fields.error(
                "\(other) is no type of channel: log, webhook, slack, alertmanager or mail")
        }
        try fields.finish()
        return ChannelSettings(name: name, kind: kind)
    }

    private static func mail(_ fields: Fields) throws(PriceFileError) -> MailSettings {
        let server = try fields.text("server")
        guard server.hasPrefix("smtp://") || server.hasPrefix("smtps://") else {
            throw fields.error("server must be smtp://HOST:PORT or smtps://HOST:PORT")
        }
        let user = try fields.optionalText("user")
        guard let to = try fields.node("to") else { throw fields.error("to is missing") }
        let mail = MailSettings(
            server: server, from: try fields.text("from"), to: try texts(to, "to"), user: user,
            password: user == nil ? nil : try secret(fields, "password"),
            allowsPlain: try fields.flag("allow_plain"),
            caFile: try fields.optionalText("ca_file"))
        for address in mail.to + [mail.from]
        where !address.contains("@") || address.contains(where: { $0.isWhitespace || $0 == "<" }) {
            throw fields.error("\(address) is not an address of mail")
        }
        return mail
    }

    /// A text under its name, or under `NAME_env` or `NAME_file` the place that it is kept in.
    private static func secret(
        _ fields: Fields, _ name: String
    ) throws(PriceFileError) -> SecretText {
        let plain = try fields.optionalText(name).map { SecretText.plain($0) }
        let variable = try fields.optionalText(name + "_env").map { SecretText.environment($0) }
        let file = try fields.optionalText(name + "_file").map { SecretText.file($0) }
        let given = [plain, variable, file].compactMap(\.self)
        guard given.count == 1, let secret = given.first else {
            throw fields.error("one of \(name), \(name)_env and \(name)_file is needed")
        }
        if name != "url", plain != nil {
            throw fields.error("\(name) must not stand in the file: write \(name)_env or _file")
        }
        return secret
    }

    // MARK: Rules

    private static func rule(
        _ entry: FileNode.Entry, _ channels: Set<Name>, _ standard: AlertRoute
    ) throws(PriceFileError) -> AlertRule {
        let fields = try Fields(entry.value, "rule \(entry.key)")
        let name = try self.name(entry, upTo: AlertRule.nameBytesMax)
        let condition: AlertRule.Condition
        switch try fields.text("when") {
        case "unpriced":
            condition = .unpriced(
                countMin: try fields.number("count", in: 1...1_000_000_000) ?? 1,
                percentMin: try fields.number("percent", in: 0...100) ?? 0,
                days: try fields.number("days", in: 1...31) ?? 2)
        case "failures":
            condition = .failures(
                percentMin: try fields.number("percent", in: 1...100) ?? 20,
                requestsMin: try fields.number("requests", in: 1...1_000_000_000) ?? 20)
        case "silence":
            guard let seconds = try fields.seconds("after") else {
                throw fields.error("after is missing: write how long, such as 15m")
            }
            condition = .silence(seconds: seconds)
        case "health": condition = .health
        case "budgets": condition = .budgets(try levels(fields))
        case "spend": condition = .spend(try limit(fields), try levels(fields))
        case "cached_share": condition = .cachedShare(try cachedShare(fields))
        case "regression": condition = .regression(try regression(fields))
        case "slo_burn": condition = .objectives(try fields.optionalText("slo").map { Name($0) })
        case let other:
            throw fields.error(
                "\(other) is nothing to look at: unpriced, failures, silence, health, budgets, "
                    + "spend, cached_share, regression or slo_burn")
        }
        let route = try route(fields, channels, otherwise: standard)
        try fields.finish()
        return AlertRule(name, condition, route: route)
    }

    private static func levels(_ fields: Fields) throws(PriceFileError) -> BudgetLevels {
        var levels = BudgetLevels()
        if let node = try fields.node("percents") {
            levels.percents = []
            for text in try texts(node, "percents") {
                guard let percent = Int64(text), (1...1_000).contains(percent) else {
                    throw node.error("\(text) is no percentage from 1 to 1000")
                }
                levels.percents.append(percent)
            }
            levels.percents.sort()
        }
        if try fields.node("burn") != nil, try !fields.flag("burn") { levels.burns = [] }
        return levels
    }

    private static func cachedShare(
        _ fields: Fields
    ) throws(PriceFileError) -> CachedShareLimits {
        var limits = CachedShareLimits()
        if let points = try fields.number("percent", in: 1...100) { limits.pointsMin = points }
        if let count = try fields.number("requests", in: 1...1_000_000_000) {
            limits.requestsMin = count
        }
        if let loss = try fields.optionalText("loss_usd") {
            guard let amount = scaledDecimal(loss, scale: 12), amount > 0, amount < 1 << 90 else {
                throw fields.error("loss_usd is \(loss): write US dollars, such as 1 or 0.5")
            }
            limits.lossMin = PicodollarSum(amount)
        }
        return limits
    }

    private static func regression(
        _ fields: Fields
    ) throws(PriceFileError) -> RegressionLimits {
        var limits = RegressionLimits()
        if let percent = try fields.number("percent", in: 5...1_000) { limits.percentMin = percent }
        if let count = try fields.number("requests", in: 20...1_000_000_000) {
            limits.requestsMin = count
        }
        return limits
    }

    private static func limit(_ fields: Fields) throws(PriceFileError) -> SpendLimit {
        let text = try fields.text("limit_usd")
        guard let amount = scaledDecimal(text, scale: 12), amount > 0, amount < 1 << 90 else {
            throw fields.error("limit_usd is \(text): write US dollars, such as 100 or 0.5")
        }
        let period = try fields.text("per")
        guard let period = SpendLimit.Period(rawValue: period) else {
            throw fields.error("per is \(period): write day or month")
        }
        var filters: [Dimension: Name] = [:]
        for entry in try fields.node("only")?.entries("only") ?? [] {
            guard let dimension = Dimension(name: entry.key),
                dimension != .user, dimension != .session
            else { throw entry.value.error("spend is not kept by \(entry.key)") }
            filters[dimension] = Name(try entry.value.text(entry.key))
        }
        return SpendLimit(PicodollarSum(amount), per: period, filters: filters)
    }

    private static func route(
        _ fields: Fields, _ known: Set<Name>, otherwise standard: AlertRoute
    ) throws(PriceFileError) -> AlertRoute {
        var channels = standard.channels
        if let node = try fields.node("to") {
            channels = try texts(node, "to").map { Name($0) }
            guard (1...8).contains(channels.count) else {
                throw node.error("to names from 1 to 8 channels")
            }
        }
        var escalation = standard.escalation
        if let channel = try fields.optionalText("escalate_to") {
            guard let seconds = try fields.seconds("escalate_after") else {
                throw fields.error("escalate_after is missing: write how long, such as 30m")
            }
            escalation = AlertRoute.Escalation(to: Name(channel), afterSeconds: seconds)
        }
        for channel in channels + [escalation?.channel].compactMap(\.self)
        where !known.contains(channel) {
            throw fields.error(
                "there is no channel \(channel)"
                    + Likeness.question(channel.string, among: known.map(\.string).sorted()))
        }
        let severity = try fields.optionalText("severity").map { Name($0) } ?? standard.severity
        return AlertRoute(channels, severity: severity, escalation: escalation)
    }

    // MARK: Parts

    private static func name(
        _ entry: FileNode.Entry, upTo bytesMax: Int
    ) throws(PriceFileError) -> Name {
        let allowed = entry.key.utf8.allSatisfy {
            (48...57).contains($0) || (97...122).contains($0) || $0 == 45 || $0 == 95
        }
        guard allowed, (1...bytesMax).contains(entry.key.utf8.count) else {
            throw entry.value.error(
                "\(entry.key) is no name: write a-z, 0-9, - and _, at most \(bytesMax) of them")
        }
        return Name(entry.key)
    }

    private static func texts(
        _ node: FileNode, _ what: String
    ) throws(PriceFileError) -> [String] {
        guard node.isSequence else { return [try node.text(what)] }
        var texts: [String] = []
        for item in try node.items(what) { texts.append(try item.text(what)) }
        return texts
    }
}

private typealias Fields = FileFields
