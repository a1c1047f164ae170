package import LedgerModel

/// Why a batch, or a file of one, is refused.
package enum BatchFault: Fault, Hashable {
    case noProviders
    case unknownProvider(String)
    case noBatchAPI(String)
    case badEndpoint(String)
    /// The price book has no batch rate, so nobody could say what it costs.
    case noBatchRate(provider: String, model: String, reason: String)
    case noLines
    case badLine(Int, String)
    case tooManyLines(max: Int)
    case tooLarge(Int, bytes: Int, max: Int)
    /// What the ledger's batches and files take.
    case full(bytes: Int64, max: Int64)
    /// - Parameter isInput: whether a batch was to be made of it.
    case unknownFile(String, isInput: Bool = false)
    case unknownBatch(String)
    case fileInUse(String)
    case notEnded(String)
    case badForm(String)

    package var kind: FaultKind {
        switch self {
        case .unknownFile, .unknownBatch: .notFound
        case .fileInUse, .notEnded: .conflict
        case .tooManyLines, .tooLarge: .tooLarge
        case .full: .busy(retryAfter: .seconds(3_600))
        default: .invalid
        }
    }

    package var param: String? {
        switch self {
        case .unknownProvider, .noBatchAPI: "provider"
        case .badEndpoint: "endpoint"
        case .noBatchRate: "model"
        case .unknownFile(_, let isInput): isInput ? "input_file_id" : nil
        case .noLines, .badLine, .tooManyLines: "requests"
        default: nil
        }
    }

    package var description: String {
        switch self {
        case .noProviders:
            "no provider of this kind is configured: name one in providers.yaml (TALLY_PROVIDERS_FILE)"
        case .unknownProvider(let name): "there is no provider \(name) in providers.yaml"
        case .noBatchAPI(let name):
            "batches of provider \(name) are not used: call it directly, or write batches: true in "
                + "providers.yaml"
        case .badEndpoint(let path):
            "\(path) takes no batches: use \(BatchEndpoint.paths.joined(separator: ", "))"
        case .noBatchRate(let provider, let model, let reason):
            "the price book has no batch rate for \(model) of \(provider) (\(reason)): call it "
                + "directly, or publish a price of the tier batch"
        case .noLines: "there are no requests"
        case .badLine(let line, let reason): "request \(line): \(reason)"
        case .tooManyLines(let max): "a batch has at most \(max) requests: send several"
        case .tooLarge(let line, let bytes, let max):
            "request \(line) has \(bytes) bytes: the limit is \(max)"
        case .full(let bytes, let max):
            "files and batches of the ledger take \(bytes) bytes, and may take \(max): delete files, "
                + "or wait until old ones expire"
        case .unknownFile(let id, _): "there is no file \(id) of yours"
        case .unknownBatch(let id): "there is no batch \(id) of yours"
        case .fileInUse(let id): "file \(id) is a batch's result: delete the batch"
        case .notEnded(let id): "batch \(id) has not ended: its results come then"
        case .badForm(let reason): "the form must have purpose and file: \(reason)"
        }
    }
}

/// The calls that batches may hold.
package enum BatchEndpoint {
    package static let openAI = ["/v1/chat/completions", "/v1/embeddings"]
    package static let anthropic = "/v1/messages"
    package static let paths = openAI + [anthropic]

    /// The dimension `operation` of its requests.
    static func operation(of path: String) -> Name {
        path == "/v1/embeddings" ? "embeddings" : "chat"
    }

    /// Which of a provider's extractors reads the usage of its answers.
    static func flavor(of path: String) -> String {
        switch path {
        case "/v1/embeddings": "embeddings"
        case anthropic: "default"
        default: "chat"
        }
    }
}
