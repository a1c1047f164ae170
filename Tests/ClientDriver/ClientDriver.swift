import Glibc
import Logging
import TallyClient

/// Records usage until it is done, full or killed; tests kill, starve and measure it.
///
/// It prints `recorded ID` once a record is accepted, so that a test knows which records to expect.
@main
struct ClientDriver {
    private static let usage = """
        usage: ClientDriver URL SPOOL COUNT [--key KEY] [--quiet] [--until-full]
            [--one-identity] [--spool-bytes N] [--durability record|interval|system] [--seconds N]
            [--pause MICROSECONDS]
        """

    private var configuration = TallyClient.Configuration(url: "", spoolDirectory: "")
    private var count = 0
    private var isQuiet = false
    private var isUntilFull = false
    private var hasOneIdentity = false
    private var seconds = 30
    /// The pause between two calls, which limits the records before a test kills the process.
    private var pauseMicroseconds: UInt32 = 0

    static func main() async {
        guard let driver = ClientDriver(Array(CommandLine.arguments.dropFirst())) else {
            complain(usage)
            exit(64)
        }
        await driver.run()
    }

    private init?(_ arguments: [String]) {
        guard arguments.count >= 3, let count = Int(arguments[2]) else { return nil }
        self.count = count
        configuration.url = arguments[0]
        configuration.spoolDirectory = arguments[1]
        configuration.defaults = Attribution(app: "driver")
        configuration.logger = Logger(label: "driver") { _ in SwiftLogNoOpLogHandler() }
        configuration.onReport = { Self.complain("report \($0)") }
        var rest = arguments.dropFirst(3)
        while let option = rest.popFirst() {
            switch option {
            case "--quiet": isQuiet = true
            case "--until-full": isUntilFull = true
            case "--one-identity": hasOneIdentity = true
            case "--key": configuration.apiKey = rest.popFirst()
            case "--spool-bytes":
                guard let bytes = rest.popFirst().flatMap({ Int($0) }) else { return nil }
                configuration.limits.spoolBytesMax = bytes
            case "--seconds":
                guard let number = rest.popFirst().flatMap({ Int($0) }) else { return nil }
                seconds = number
            case "--pause":
                guard let number = rest.popFirst().flatMap({ UInt32($0) }) else { return nil }
                pauseMicroseconds = number
            case "--durability":
                switch rest.popFirst() {
                case "record": configuration.durability = .everyRecord
                case "interval": configuration.durability = .within(.milliseconds(50))
                case "system": configuration.durability = .operatingSystem
                default: return nil
                }
            default: return nil
            }
        }
    }

    private func run() async {
        let client: TallyClient
        do { client = try TallyClient(configuration) } catch {
            Self.complain("\(error)")
            exit(69)
        }
        let start = ContinuousClock.now
        var recorded = 0
        for number in 0..<count {
            let outcome = client.record(
                UsageRecord(
                    provider: "openai", model: "gpt-4o-mini",
                    usage: UsageCounts(
                        inputTokens: 1_000 + number, cacheReadInputTokens: 512, outputTokens: 340),
                    attribution: Attribution(team: "growth", feature: "rerank", user: "u-1"),
                    latency: .milliseconds(812),
                    identity: hasOneIdentity ? .init(source: "driver", id: "one") : nil))
            if case .recorded(let id) = outcome {
                recorded += 1
                if !isQuiet { say("recorded \(id)") }
            } else if isUntilFull {
                say("outcome \(outcome)")
                break
            }
            if pauseMicroseconds > 0 { usleep(pauseMicroseconds) }
        }
        let time = (ContinuousClock.now - start).components
        let left = await client.shutdown(within: .seconds(seconds))
        let statistics = client.statistics
        say("records \(recorded)")
        say("microseconds \(time.seconds * 1_000_000 + time.attoseconds / 1_000_000_000_000)")
        say("peak_kib \(Self.peakKiB)")
        say("spool_bytes \(statistics.spoolBytes)")
        say("not_recorded \(statistics.notRecorded)")
        say("duplicates \(statistics.duplicates)")
        say("dead_letters \(statistics.deadLetters)")
        say("leftovers \(left.records)")
    }

    /// Writes each line at once, so that it is out even if the process is then killed.
    private func say(_ text: String) { Self.write(text, to: 1) }
    private static func complain(_ text: String) { write(text, to: 2) }

    private static func write(_ text: String, to descriptor: Int32) {
        let bytes = Array((text + "\n").utf8)
        _ = Glibc.write(descriptor, bytes, bytes.count)
    }

    /// The peak memory of the process.
    private static var peakKiB: Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss
    }
}
