import JSON
import Prompts
import Tokenizing

/// A tree of a JSON text.
func tree(_ json: String) throws -> JSONTree {
    try JSONTree(parsing: json.utf8)
}

func chat(_ json: String) throws -> ChatRequest {
    try ChatRequest(try tree(json))
}

/// One token per word, so that counts can be checked by eye.
let words = TokenCounter(name: "words", exactness: .exact) { text in
    text.split { $0 == " " || $0 == "\n" }.count
}

/// About as many tokens per byte as in real encodings, and never fewer for more text.
let quarters = TokenCounter(name: "quarters", exactness: .exact) { ($0.utf8.count + 3) / 4 }

func count(_ json: String, _ model: String, _ counter: TokenCounter = words) throws -> RequestCount
{
    let profile = try ModelProfile(model: model)
    return RequestCounter(profile: profile, counter: counter).count(try chat(json))
}
