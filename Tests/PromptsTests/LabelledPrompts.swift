import Foundation

/// A prompt and edited versions of it, labelled by hand by whether a model would still do the same.
///
/// Good versions lost only layout, filler or repetition; bad ones lost or changed something that
/// the answer depends on, often a single word.
struct LabelledPrompt: CustomStringConvertible, Sendable {
    let name: String
    let original: String
    let shortened: String
    let isGood: Bool

    var description: String { "\(name) is \(isGood ? "good" : "bad")" }
}

/// A text and edits of it: the replaced parts and their replacements.
struct LabelledText {
    let name: String
    let text: String
    let good: [(String, [(String, String)])]
    let bad: [(String, [(String, String)])]

    var prompts: [LabelledPrompt] {
        good.map { prompt($0, isGood: true) } + bad.map { prompt($0, isGood: false) }
    }

    private func prompt(_ edit: (String, [(String, String)]), isGood: Bool) -> LabelledPrompt {
        var shortened = text
        for (old, new) in edit.1 {
            precondition(shortened.contains(old), "\(name): \(old)")
            shortened = shortened.replacingOccurrences(of: old, with: new)
        }
        return LabelledPrompt(
            name: "\(name), \(edit.0)", original: text, shortened: shortened, isGood: isGood)
    }

    /// The threshold was chosen on these.
    static let calibration = [contract, incident, recipe, orders, support]
    /// The threshold is evaluated on these.
    static let held = [trial, deploy, meeting, sensors, policy]
}

extension LabelledText {
    static let contract = LabelledText(
        name: "contract",
        text: """
            You review contracts. Answer in at most 80 words. Do not give legal advice.

            As everybody knows, contracts can be quite long and rather tedious to read through.
            The tenant Maria Kowalski pays 1,250 EUR a month to Nordhaus GmbH, due on the 3rd.
            The deposit is 3,750 EUR. The tenant may not sublet the flat without written consent.
            Well, that is basically how such things usually go, as one might expect.
            Notice is three months for the tenant and six months for the landlord.

            What happens if Maria sublets a room?
            """,
        good: [
            (
                "filler gone",
                [
                    (
                        "As everybody knows, contracts can be quite long and rather tedious to read through.\n",
                        ""
                    )
                ]
            ),
            (
                "both fillers gone",
                [
                    (
                        "As everybody knows, contracts can be quite long and rather tedious to read through.\n",
                        ""
                    ),
                    (
                        "Well, that is basically how such things usually go, as one might expect.\n",
                        ""
                    ),
                ]
            ),
            ("layout gone", [("\n\n", "\n")]),
            (
                "little words gone",
                [("quite long and rather tedious to read through", "long, tedious")]
            ),
        ],
        bad: [
            ("not lost", [("may not sublet", "may sublet")]),
            ("rent changed", [("1,250 EUR", "1,520 EUR")]),
            ("deposit gone", [("The deposit is 3,750 EUR. ", "")]),
            ("instruction lost", [("Do not give legal advice.", "")]),
            ("instruction turned", [("Do not give legal advice.", "Do give legal advice.")]),
            ("limit changed", [("at most 80 words", "at most 800 words")]),
            (
                "parties exchanged",
                [
                    (
                        "The tenant Maria Kowalski pays 1,250 EUR a month to Nordhaus GmbH",
                        "The tenant Nordhaus GmbH pays 1,250 EUR a month to Maria Kowalski"
                    )
                ]
            ),
            (
                "clauses gone",
                [
                    (
                        "The tenant Maria Kowalski pays 1,250 EUR a month to Nordhaus GmbH, due on the 3rd.\n",
                        ""
                    ),
                    (
                        "The deposit is 3,750 EUR. The tenant may not sublet the flat without written consent.\n",
                        ""
                    ),
                ]
            ),
        ])

    static let incident = LabelledText(
        name: "incident",
        text: """
            Find the cause. Always cite the line that you rely on.

            2026-03-01 10:00:01 INFO gateway started on port 8443
            2026-03-01 10:00:02 INFO health check passed
            2026-03-01 10:00:03 INFO health check passed
            2026-03-01 10:00:04 INFO health check passed
            2026-03-01 10:00:05 ERROR db-7 connection refused after 3 attempts
            2026-03-01 10:00:06 INFO health check passed
            2026-03-01 10:00:09 FATAL PaymentService stopped: pool exhausted (64 of 64)
            """,
        good: [
            ("seconds of blank gone", [("cause. Always", "cause.   Always")]),
            (
                "one check gone",
                [
                    (
                        "2026-03-01 10:00:03 INFO health check passed\n",
                        "<left out: 1 more lines like the one before>\n"
                    )
                ]
            ),
        ],
        bad: [
            (
                "error gone",
                [("2026-03-01 10:00:05 ERROR db-7 connection refused after 3 attempts\n", "")]
            ),
            (
                "fatal gone",
                [
                    (
                        "\n2026-03-01 10:00:09 FATAL PaymentService stopped: pool exhausted (64 of 64)",
                        ""
                    )
                ]
            ),
            ("attempts changed", [("after 3 attempts", "after 30 attempts")]),
            ("host changed", [("db-7 connection", "db-1 connection")]),
            ("service renamed", [("PaymentService", "PrintService")]),
            ("instruction lost", [("Always cite the line that you rely on.", "")]),
            (
                "all logs gone",
                [
                    ("2026-03-01 10:00:05 ERROR db-7 connection refused after 3 attempts\n", ""),
                    (
                        "\n2026-03-01 10:00:09 FATAL PaymentService stopped: pool exhausted (64 of 64)",
                        ""
                    ),
                    ("2026-03-01 10:00:01 INFO gateway started on port 8443\n", ""),
                ]
            ),
        ])

    static let recipe = LabelledText(
        name: "recipe",
        text: """
            Translate this recipe into German. Keep the numbers as they are.

            My grandmother always told such lovely stories while the bread was baking, and I remember them well.
            Mix 500 g flour with 10 g salt and 7 g yeast. Add 350 ml water at 30 degrees.
            It is such a pleasure to see how the dough comes together, really it is.
            Let it rest for 90 minutes. Bake at 240 degrees for 35 minutes. Never open the oven before minute 20.
            """,
        good: [
            (
                "story gone",
                [
                    (
                        "My grandmother always told such lovely stories while the bread was baking, and I remember them well.\n",
                        ""
                    )
                ]
            ),
            (
                "pleasure gone",
                [("It is such a pleasure to see how the dough comes together, really it is.\n", "")]
            ),
            ("layout", [("\n\n", "\n\n\n\n")]),
        ],
        bad: [
            ("salt changed", [("10 g salt", "100 g salt")]),
            ("never lost", [("Never open", "Open")]),
            ("never sentence gone", [(" Never open the oven before minute 20.", "")]),
            ("temperature gone", [(" Bake at 240 degrees for 35 minutes.", "")]),
            ("language lost", [("Translate this recipe into German. ", "")]),
            ("language changed", [("German", "Dutch")]),
            ("yeast and water gone", [(" and 7 g yeast. Add 350 ml water at 30 degrees.", ".")]),
        ])

    static let orders = LabelledText(
        name: "orders",
        text: """
            Which orders are late? Answer as JSON.

            [
              {"id": "A-1001", "customer": "Okafor", "due": "2026-02-01", "shipped": true},
              {"id": "A-1002", "customer": "Lindqvist", "due": "2026-02-03", "shipped": false},
              {"id": "A-1003", "customer": "Tanaka", "due": "2026-02-05", "shipped": false}
            ]
            """,
        good: [
            ("indentation gone", [("\n  {", "{")]),
            ("on one line", [("[\n  ", "["), ("},\n  ", "},"), ("}\n]", "}]")]),
        ],
        bad: [
            (
                "an order gone",
                [
                    (
                        "\n  {\"id\": \"A-1002\", \"customer\": \"Lindqvist\", \"due\": \"2026-02-03\", \"shipped\": false},",
                        ""
                    )
                ]
            ),
            (
                "flag turned",
                [("2026-02-03\", \"shipped\": false", "2026-02-03\", \"shipped\": true")]
            ),
            ("date changed", [("2026-02-05", "2026-12-05")]),
            ("instruction lost", [(" Answer as JSON.", "")]),
            (
                "customers exchanged",
                [("Okafor", "X"), ("Tanaka", "Okafor"), ("\"X\"", "\"Tanaka\"")]
            ),
            (
                "keys lost",
                [
                    ("\"due\": ", ""), ("\"2026-02-01\", ", ""), ("\"2026-02-03\", ", ""),
                    ("\"2026-02-05\", ", ""),
                ]
            ),
        ])

    static let support = LabelledText(
        name: "support",
        text: """
            You are a support agent of Brightline. Be polite. Never promise a refund above 50 USD.

            I hope this message finds you well, and I hope that you are having a lovely week so far.
            My order BL-77812 arrived on Tuesday with a cracked screen. I paid 189.99 USD with PayPal.
            I want a replacement, not a refund. My address is 14 Mill Lane, Bristol.
            Thank you so much in advance for everything that you do, it is really appreciated.
            """,
        good: [
            (
                "greeting gone",
                [
                    (
                        "I hope this message finds you well, and I hope that you are having a lovely week so far.\n",
                        ""
                    )
                ]
            ),
            (
                "greeting and thanks gone",
                [
                    (
                        "I hope this message finds you well, and I hope that you are having a lovely week so far.\n",
                        ""
                    ),
                    (
                        "\nThank you so much in advance for everything that you do, it is really appreciated.",
                        ""
                    ),
                ]
            ),
        ],
        bad: [
            ("wish turned", [("a replacement, not a refund", "a refund, not a replacement")]),
            ("not lost", [("a replacement, not a refund", "a replacement, a refund")]),
            ("order changed", [("BL-77812", "BL-77821")]),
            ("promise lost", [(" Never promise a refund above 50 USD.", "")]),
            ("promise changed", [("above 50 USD", "above 500 USD")]),
            ("address gone", [(" My address is 14 Mill Lane, Bristol.", "")]),
            ("payment gone", [(" I paid 189.99 USD with PayPal.", "")]),
        ])
}
