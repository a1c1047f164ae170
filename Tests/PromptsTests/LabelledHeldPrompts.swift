extension LabelledText {
    static let trial = LabelledText(
        name: "trial",
        text: """
            Summarise for a physician. Do not speculate. Use metric units.

            It goes without saying that studies like these take a good deal of patience from all.
            The trial enrolled 412 patients in Oslo and Turin. Drug X lowered systolic pressure by 11.2 mmHg.
            Adverse events occurred in 6.1% on Drug X and 5.8% on placebo. No deaths were reported.
            One could of course say a great many other things about how the teams worked together.
            The dose was 20 mg daily. It must not be combined with nitrates.
            """,
        good: [
            (
                "filler gone",
                [
                    (
                        "It goes without saying that studies like these take a good deal of patience from all.\n",
                        ""
                    )
                ]
            ),
            (
                "fillers gone",
                [
                    (
                        "It goes without saying that studies like these take a good deal of patience from all.\n",
                        ""
                    ),
                    (
                        "One could of course say a great many other things about how the teams worked together.\n",
                        ""
                    ),
                ]
            ),
            ("layout", [("\n\n", "\n")]),
        ],
        bad: [
            ("dose changed", [("20 mg", "200 mg")]),
            ("unit changed", [("20 mg daily", "20 mcg daily")]),
            ("warning turned", [("must not be combined", "must be combined")]),
            ("warning gone", [(" It must not be combined with nitrates.", "")]),
            ("no lost", [("No deaths were reported", "Deaths were reported")]),
            (
                "arms exchanged",
                [("6.1% on Drug X and 5.8% on placebo", "5.8% on Drug X and 6.1% on placebo")]
            ),
            ("direction turned", [("lowered systolic", "raised systolic")]),
            (
                "results gone",
                [
                    (
                        "The trial enrolled 412 patients in Oslo and Turin. Drug X lowered systolic pressure by 11.2 mmHg.\n",
                        ""
                    )
                ]
            ),
            ("speculation allowed", [("Do not speculate. ", "")]),
        ])

    static let deploy = LabelledText(
        name: "deploy",
        text: """
            Write a post-mortem. Include the timeline. Never name individual engineers.

            Deploy 4.18.2 went to eu-west-1 at 14:05. Error rate rose from 0.2% to 17% within 4 minutes.
            There was, as there always is in such moments, a certain amount of hurry and worry.
            The cause was a missing index on table invoices. Rollback to 4.18.1 finished at 14:31.
            TimeoutException in CheckoutHandler was logged 9,204 times.
            """,
        good: [
            (
                "hurry gone",
                [
                    (
                        "There was, as there always is in such moments, a certain amount of hurry and worry.\n",
                        ""
                    )
                ]
            ),
            ("layout", [("individual engineers.\n\n", "individual engineers.\n")]),
        ],
        bad: [
            ("version changed", [("Rollback to 4.18.1", "Rollback to 4.18.3")]),
            ("cause gone", [("The cause was a missing index on table invoices. ", "")]),
            (
                "exception gone",
                [("\nTimeoutException in CheckoutHandler was logged 9,204 times.", "")]
            ),
            ("never lost", [("Never name", "Name")]),
            ("timeline lost", [("Include the timeline. ", "")]),
            ("rate changed", [("to 17%", "to 71%")]),
            ("region changed", [("eu-west-1", "us-west-1")]),
            (
                "invented",
                [
                    (
                        "on table invoices.",
                        "on table invoices. The index on table customers was missing since 2019."
                    )
                ]
            ),
        ])

    static let meeting = LabelledText(
        name: "meeting",
        text: """
            List every decision with its owner. Respond in French.

            So, um, we started a little late because of the coffee machine, which was funny to all of us.
            Priya will ship the billing export by 14 May. Tom does not own the migration any more; Chen does.
            Somebody told a joke about printers, and then we talked a bit about the weather as usual.
            The budget stays at 42,000 USD. Hiring is frozen until July, except for two SRE roles.
            """,
        good: [
            (
                "chat gone",
                [
                    (
                        "So, um, we started a little late because of the coffee machine, which was funny to all of us.\n",
                        ""
                    ),
                    (
                        "Somebody told a joke about printers, and then we talked a bit about the weather as usual.\n",
                        ""
                    ),
                ]
            ),
            (
                "joke gone",
                [
                    (
                        "Somebody told a joke about printers, and then we talked a bit about the weather as usual.\n",
                        ""
                    )
                ]
            ),
        ],
        bad: [
            ("owner turned", [("Tom does not own", "Tom does own")]),
            (
                "owners exchanged",
                [
                    (
                        "Tom does not own the migration any more; Chen does",
                        "Chen does not own the migration any more; Tom does"
                    )
                ]
            ),
            ("date changed", [("14 May", "24 May")]),
            ("exception lost", [(", except for two SRE roles", "")]),
            ("language lost", [(" Respond in French.", "")]),
            ("budget gone", [("The budget stays at 42,000 USD. ", "")]),
            ("owner gone", [("Priya will ship the billing export by 14 May. ", "")]),
        ])

    static let sensors = LabelledText(
        name: "sensors",
        text: """
            Say which sensor failed. Output only its id.

            {"site": "Gdansk", "readings": [
              {"sensor": "t-01", "celsius": 21.4, "status": "ok"},
              {"sensor": "t-02", "celsius": 21.6, "status": "ok"},
              {"sensor": "t-03", "celsius": null, "status": "failed", "error": "E41 open circuit"}]}
            """,
        good: [
            ("indentation gone", [("\n  {", "{")]),
            ("spaces gone", [("\": ", "\":"), (", \"", ",\"")]),
        ],
        bad: [
            (
                "the failed one gone",
                [
                    (
                        ",\n  {\"sensor\": \"t-03\", \"celsius\": null, \"status\": \"failed\", \"error\": \"E41 open circuit\"}",
                        ""
                    )
                ]
            ),
            ("another id", [("t-03", "t-30")]),
            ("error gone", [(", \"error\": \"E41 open circuit\"", "")]),
            ("value changed", [("21.6", "61.6")]),
            ("instruction lost", [(" Output only its id.", "")]),
            (
                "cut off",
                [
                    (
                        ", \"status\": \"ok\"},\n  {\"sensor\": \"t-03\", \"celsius\": null, \"status\": \"failed\", \"error\": \"E41 open circuit\"}]}",
                        ""
                    )
                ]
            ),
        ])

    static let policy = LabelledText(
        name: "policy",
        text: """
            Answer questions from this policy only. If it says nothing, say so.

            We are a friendly company and we like to think that people here are happy most of the time.
            Employees get 28 days of leave. Up to 5 days may be carried over until 31 March.
            Leave is not paid out unless employment ends. Requests go to the team lead, not to HR.
            And that, in a manner of speaking, is more or less all there is to it.
            Contractors are excluded.
            """,
        good: [
            (
                "friendly gone",
                [
                    (
                        "We are a friendly company and we like to think that people here are happy most of the time.\n",
                        ""
                    )
                ]
            ),
            (
                "both gone",
                [
                    (
                        "We are a friendly company and we like to think that people here are happy most of the time.\n",
                        ""
                    ),
                    (
                        "And that, in a manner of speaking, is more or less all there is to it.\n",
                        ""
                    ),
                ]
            ),
        ],
        bad: [
            ("paid out", [("Leave is not paid out", "Leave is paid out")]),
            ("exchanged", [("to the team lead, not to HR", "to HR, not to the team lead")]),
            ("days changed", [("28 days", "82 days")]),
            ("carry-over gone", [(" Up to 5 days may be carried over until 31 March.", "")]),
            ("only lost", [("Answer questions from this policy only. ", "")]),
            ("included", [("Contractors are excluded", "Contractors are included")]),
            ("unless lost", [(" unless employment ends", "")]),
        ])
}
