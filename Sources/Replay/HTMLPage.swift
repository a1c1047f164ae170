/// A report as one HTML page that needs nothing else: no scripts, no fonts, no images.
package struct HTMLPage {
    package let title: String
    /// What kind of report it is, above the heading.
    package let kicker: String
    package let heading: String
    /// Of what: a time, a part of the ledger.
    package let subject: String
    /// HTML; everything else is text.
    package let body: String
    package let footer: String

    package init(
        title: String, kicker: String, heading: String, subject: String, body: String,
        footer: String
    ) {
        self.title = title
        self.kicker = kicker
        self.heading = heading
        self.subject = subject
        self.body = body
        self.footer = footer
    }

    package var text: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(Self.escaped(title))</title>
        <style>\(Self.style)</style>
        </head>
        <body>
        <main>
        <header>
        <p class="kicker">Tallystick · \(Self.escaped(kicker))</p>
        <h1>\(Self.escaped(heading))</h1>
        <p class="range">\(Self.escaped(subject))</p>
        </header>
        \(body)
        <footer>\(Self.escaped(footer))</footer>
        </main>
        </body>
        </html>

        """
    }

    /// - Parameter tone: `good`, `bad` or nothing.
    package static func card(
        _ label: String, _ value: String, _ note: String = "", _ tone: String = ""
    ) -> String {
        let note = note.isEmpty ? "" : "<small>\(escaped(note))</small>"
        return "<div class=\"card \(tone)\"><span>\(escaped(label))</span>"
            + "<strong>\(escaped(value))</strong>\(note)</div>"
    }

    package static func notes(_ title: String, _ lines: [String]) -> String {
        let items = lines.map { "<li>\(escaped($0))</li>" }.joined()
        return "<section class=\"notes\"><h2>\(escaped(title))</h2><ul>\(items)</ul></section>"
    }

    /// A text as HTML, in content and in quoted attributes.
    package static func escaped(_ text: String) -> String {
        var html = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": html += "&amp;"
            case "<": html += "&lt;"
            case ">": html += "&gt;"
            case "\"": html += "&quot;"
            case "'": html += "&#39;"
            default: html.unicodeScalars.append(scalar)
            }
        }
        return html
    }

    private static let style = """
        :root{--paper:#fbfaf7;--card:#fff;--ink:#1d2126;--soft:#667079;--line:#e3e0d8;\
        --before:#9aa5b1;--after:#2f6f8f;--good:#1f7a4d;--bad:#b3402a}
        @media(prefers-color-scheme:dark){:root{--paper:#15181c;--card:#1d2126;--ink:#e8e6e1;\
        --soft:#98a2ab;--line:#31373e;--before:#6b7681;--after:#5fb0d3;--good:#5fc795;\
        --bad:#f08a72}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--paper);color:var(--ink);\
        font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
        main{max-width:84rem;margin:0 auto;padding:2.5rem 1.25rem}
        .kicker{margin:0;color:var(--soft);font-size:.8rem;letter-spacing:.08em;\
        text-transform:uppercase}
        h1{margin:.2rem 0;font-size:1.6rem;line-height:1.25;overflow-wrap:anywhere}
        .range{margin:0;color:var(--soft)}
        .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(12rem,1fr));gap:.8rem;\
        margin:1.6rem 0 1rem}
        .card{background:var(--card);border:1px solid var(--line);border-radius:.6rem;\
        padding:.8rem 1rem}
        .card span,.card small{display:block;color:var(--soft);font-size:.82rem}
        .card strong{font-size:1.35rem;font-weight:600;font-variant-numeric:tabular-nums;\
        overflow-wrap:anywhere}
        .card.good strong,.card.good small{color:var(--good)}
        .card.bad strong,.card.bad small{color:var(--bad)}
        .sentence{border-left:3px solid var(--after);padding:.1rem .9rem;margin:1.2rem 0;\
        overflow-wrap:anywhere}
        .sentence.good{border-color:var(--good)}.sentence.bad{border-color:var(--bad)}
        .scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);\
        border-radius:.6rem}
        table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
        th,td{padding:.45rem .65rem;text-align:left;white-space:nowrap;\
        border-bottom:1px solid var(--line)}
        tbody td:first-child{max-width:22rem;overflow:hidden;text-overflow:ellipsis}
        th{font-weight:600;font-size:.82rem;color:var(--soft)}
        tfoot td,tfoot th{border-bottom:0;font-weight:600;color:var(--ink)}
        .n{text-align:right}.none{color:var(--soft);font-style:italic}
        td.good{color:var(--good)}td.bad{color:var(--bad)}
        .bars{min-width:7rem}
        .bar{display:block;height:.42rem;border-radius:.2rem;margin:.12rem 0}
        .before{background:var(--before)}.after{background:var(--after)}
        .key{display:inline-block;width:.6rem;height:.6rem;border-radius:.15rem;\
        margin:0 .25rem 0 .5rem}
        .notes h2{font-size:1rem;margin:1.4rem 0 .3rem}
        .notes ul{margin:0;padding-left:1.2rem;overflow-wrap:anywhere}
        footer{margin-top:1.4rem;color:var(--soft);font-size:.82rem}
        @media print{body{background:#fff}.scroll{overflow:visible}}
        """
}
