/// What a word does to the meaning of a question, for English.
///
/// Closed classes are listed; every other word carries content. A word may be in several.
enum WordClasses {
    static let function = words(
        """
        a an the this that these those is are am be been being was were do does did done have has had
        having will would shall can could may might must should i me my mine we us our you your he him
        his she her it its they them their one's and or but so if then as of at by for in on to with
        from into about there here what which who whom whose when where why how also too very really
        actually exactly currently s please kindly
        """)
    static let negations = words(
        """
        not no never none nobody nothing neither nor without cannot except unless hardly barely
        excluding lacking lack lacks nowhere avoid prevent avoiding preventing
        """)
    /// Prepositions that give the next word its part in what happens.
    static let relations = words(
        """
        from to into by before after than against over under above below between through until since
        for of with in on at versus vs via toward towards onto off out up down inside outside
        within during behind
        """)
    /// Those whose presence alone, before a word that both texts have, makes a difference.
    static let strong = words(
        """
        from into by before after than against over under above below until since without versus vs
        onto off toward towards through between inside outside behind
        """)
    static let comparisons = words(
        """
        more less most least better worse best worst fewer fewest larger largest bigger biggest
        smaller smallest higher highest lower lowest faster fastest slower slowest older oldest newer
        newest younger youngest cheaper cheapest longer longest shorter shortest greater greatest
        stronger strongest weaker weakest easier easiest harder hardest earlier earliest later latest
        than min max minimum maximum top bottom exceed exceeds
        """)
    static let quantities: [String: String] = grouped(
        """
        all every each everyone everything; some several; any anyone anything; only just solely; few;
        many much lots; both; either; another other; almost nearly approximately about_number; enough;
        half; always; sometimes; often; usually; rarely seldom; again; even; still; already; yet
        """)
    static let times = words(
        """
        yesterday today tomorrow now tonight ago last next previous upcoming former future past recent
        currently weekly daily monthly yearly hourly annual annually morning evening night noon
        midnight january february march april june july august september october november december
        monday tuesday wednesday thursday friday saturday sunday spring summer autumn winter
        """)

    /// Subjects, each a bit; `you` and `one` in general questions are dealt with by the reader.
    static let persons: [String: UInt8] = {
        var result: [String: UInt8] = [:]
        for (bit, line) in [
            "i me my mine myself", "you your yours yourself", "he him his himself",
            "she her hers herself", "they them their theirs", "we us our ours",
        ].enumerated() {
            for word in line.split(separator: " ") { result[String(word)] = 1 << bit }
        }
        return result
    }()
    static let past = words("was were did had")
    static let future = words("will shall gonna")
    static let modals: [String: String] = grouped("should ought; must; may might; can could; would")
    static let auxiliaries = words(
        "is are am was were do does did has have had can could will would should shall may might must"
    )

    /// Each word with its opposite: a text has one, the other text the other.
    static let opposites: [String: String] = {
        var result: [String: String] = [:]
        let list = words(
            """
            enable/disable increase/decrease start/stop open/close allow/deny allow/block add/remove
            buy/sell send/receive import/export encrypt/decrypt encode/decode compress/decompress
            upload/download login/logout install/uninstall mount/unmount lock/unlock push/pull
            insert/delete create/destroy create/delete win/lose borrow/lend teach/learn accept/reject
            rise/fall raise/lower ascending/descending left/right up/down in/out on/off first/last
            true/false positive/negative pros/cons advantages/disadvantages benefits/drawbacks
            legal/illegal safe/unsafe safe/dangerous possible/impossible hot/cold early/late
            hire/fire include/exclude attach/detach connect/disconnect appear/disappear
            serialize/deserialize freeze/thaw freeze/unfreeze gain/lose expand/collapse show/hide
            input/output client/server sender/receiver buyer/seller parent/child teacher/student
            employer/employee cause/effect north/south east/west male/female man/woman men/women
            boy/girl husband/wife father/mother son/daughter brother/sister king/queen upper/lower
            inner/outer even/odd odd/even major/minor strong/weak high/low rich/poor old/new old/young
            good/bad like/dislike love/hate agree/disagree subscribe/unsubscribe follow/unfollow
            forward/backward forwards/backwards horizontal/vertical row/column rows/columns
            enter/exit arrive/leave arrive/depart begin/end pass/fail credit/debit deposit/withdraw
            """)
        for pair in list {
            let sides = pair.split(separator: "/").map(String.init)
            result[sides[0], default: ""] += " \(sides[1])"
            result[sides[1], default: ""] += " \(sides[0])"
        }
        return result
    }()

    /// Words that stand for each other in any question: the first of a line is meant.
    static let synonyms: [String: String] = grouped(
        """
        fix repair; buy purchase; begin commence; quick fast rapid quickly rapidly; big large;
        way method approach; picture image photo photograph; movie film; car automobile;
        show display; find locate; explain describe; help assist; choose select pick; get obtain;
        use utilize utilise employ; need require; answer reply response; tv television;
        email e-mail; info information; app application; ad advertisement advert; child kid;
        children kids; doctor physician; color colour; favorite favourite; center centre; gray grey;
        organize organise; optimize optimise; analyze analyse; behavior behaviour; license licence;
        program programme; create make; teach educate; car automobile; couch sofa; maybe perhaps;
        important significant; difference distinction; also too; ok okay; until till; though although;
        bicycle bike; phone telephone; rubbish garbage trash; holiday vacation; soccer football_uk
        """)

    static let numbers: [String: Int] = {
        var result: [String: Int] = [:]
        let small = words(
            """
            zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
            fifteen sixteen seventeen eighteen nineteen
            """, ordered: ())
        for (value, word) in small.enumerated() { result[word] = value }
        for (index, word) in words(
            "twenty thirty forty fifty sixty seventy eighty ninety", ordered: ()
        ).enumerated() {
            result[word] = 20 + 10 * index
        }
        return result
    }()
    static let multipliers = [
        "hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000,
        "trillion": 1_000_000_000_000,
    ]
    /// Other words that count; each is compared as itself.
    static let counting = words(
        """
        first second third fourth fifth sixth seventh eighth ninth tenth once twice thrice double
        triple quadruple dozen half quarter single pair couple percent
        """)

    /// What a question begins with that only asks politely.
    static let courtesies: [[String]] = [
        "please", "kindly", "hi", "hello", "hey", "thanks", "thank you", "can you", "could you",
        "would you", "will you", "tell me", "let me know", "i want to know", "i would like to know",
        "i was wondering", "do you know", "can you tell me", "can someone tell me",
    ].map { $0.split(separator: " ").map(String.init) }.sorted { $0.count > $1.count }

    static let foreign: [Set<String>] = [
        words("der die das und ist nicht ein eine wie ich wir mit auf für von zu den dem auch was"),
        words("le la les des est une et dans pour que qui pas sur avec comment je vous nous du au"),
        words("el los las una es y en por para que con cómo como qué del se mi está son"),
        words("il lo gli una è e di che per con come sono non del della nel"),
        words("o os as uma é em por para com como não que do da dos das são"),
        words("de het een en is niet van voor met hoe ik op aan dat wat zijn"),
    ]
    static let english = words(
        """
        the is are what how do does i to of and in a for my can you it with on this that why when
        where who which should
        """)

    static func words(_ text: String) -> Set<String> { Set(words(text, ordered: ())) }

    private static func words(_ text: String, ordered: Void) -> [String] {
        text.split { $0 == " " || $0 == "\n" }.map(String.init)
    }

    private static func grouped(_ text: String) -> [String: String] {
        var result: [String: String] = [:]
        for group in text.split(separator: ";") {
            let list = words(String(group), ordered: ())
            for word in list { result[word] = list[0] }
        }
        return result
    }
}
