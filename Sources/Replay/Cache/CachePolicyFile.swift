package import Caching
import LedgerModel
package import Pricing
package import Routing

/// A cache as a file, to try it on history.
///
///     policy: adaptive
///     memory: 512 MiB
///     ttl: 1d
///     ttls: {"text-embedding-*": 30d}
///     scope: team
///     for: {operation: [embeddings, chat]}
///     near: 0.97
package struct CachePolicyFile: Sendable, Hashable {
    package var policy = PolicyName.adaptive
    package var memory = 256 << 20
    package var secondsToLive = 86_400
    /// By model; the first that covers one decides.
    package var times: [ModelTime] = [ModelTime(model: "text-embedding-*", seconds: 30 * 86_400)]
    package var scope = Scope.team
    /// Which requests the cache is asked for; all if nothing is said.
    package var selector = RequestSelector()
    /// From which score on an answer to a similar request would be served; nil for never.
    package var nearScore: Double?

    /// Among whom answers are shared.
    package enum Scope: String, CaseIterable, Sendable {
        /// Within a team, even if others send the same hash.
        case team
        /// As the hashes say.
        case ledger
    }

    package struct ModelTime: Sendable, Hashable {
        /// A model, or the beginning of its name before a star.
        package let model: String
        package let seconds: Int

        func covers(_ name: String) -> Bool {
            model.hasSuffix("*") ? name.hasPrefix(model.dropLast()) : model == name
        }
    }

    package static let timesMax = 256

    package init() {}

    private static let keys = ["policy", "memory", "ttl", "ttls", "scope", "for", "near"]
    private static let times = Duration.seconds(1)...Duration.seconds(TimeToLive.secondsMax)

    /// What is wrong is said with its line and column.
    package static func read(_ text: String) throws(PriceFileError) -> CachePolicyFile {
        let root = try FileNode(parsing: text)
        var file = CachePolicyFile()
        for entry in try root.entries("the file") {
            let (key, node) = (entry.key, entry.value)
            switch key {
            case "policy": file.policy = try word(node, key)
            case "memory":
                file.memory = try node.bytes(
                    key, in: ResponseCache.capacityMin...ResponseCache.capacityMax / 4)
            case "ttl": file.secondsToLive = try seconds(node, key)
            case "ttls": file.times = try modelTimes(node)
            case "scope": file.scope = try word(node, key)
            case "for": file.selector = try RequestSelector(node)
            case "near": file.nearScore = try node.fraction(key, in: 0...1)
            default: throw entry.unknown(in: "a cache's policy", among: keys)
            }
        }
        return file
    }

    private static func word<Word: RawRepresentable & CaseIterable>(
        _ node: FileNode, _ what: String
    ) throws(PriceFileError) -> Word where Word.RawValue == String {
        let text = try node.text(what)
        guard let word = Word(rawValue: text) else {
            let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw node.error("\(what) is \(text): use one of \(known)")
        }
        return word
    }

    private static func seconds(_ node: FileNode, _ what: String) throws(PriceFileError) -> Int {
        Int(try node.time(what, in: times).components.seconds)
    }

    private static func modelTimes(_ node: FileNode) throws(PriceFileError) -> [ModelTime] {
        var list: [ModelTime] = []
        for entry in try node.entries("ttls") {
            list.append(ModelTime(model: entry.key, seconds: try seconds(entry.value, entry.key)))
        }
        guard list.count <= timesMax else {
            throw node.error("give at most \(timesMax) models")
        }
        return list
    }

    /// How long answers of a model are kept.
    func seconds(for model: String) -> Int {
        times.first { $0.covers(model) }?.seconds ?? secondsToLive
    }
}
