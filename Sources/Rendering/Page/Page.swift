import Mustache

extension Report {
    /// The report as one self-contained HTML page, without scripts, fonts or images.
    package var html: String { Self.template.render(context) }

    private static let template: MustacheTemplate = {
        MustacheContentTypes.register(ScalarHTML(), named: "SCALAR_HTML")
        let text = String(decoding: PackageResources.page_mustache, as: UTF8.self)
        guard let template = try? MustacheTemplate(string: text) else {
            preconditionFailure("page.mustache is not a template")
        }
        return template
    }()

    private static let style = String(decoding: PackageResources.page_css, as: UTF8.self)

    /// Every name is present, since a missing name would be looked up in the enclosing context.
    private var context: [String: Any] {
        [
            "heading": heading, "kicker": kicker, "subject": subject, "style": Self.style,
            "hasCards": !cards.isEmpty, "cards": cards.map(\.context),
            "tone": tone?.rawValue ?? "",
            "verdict": verdict.isEmpty ? false : ["lines": visibleLines],
            "parts": parts.map(\.context), "footer": footer,
        ]
    }

    private var visibleLines: [[String: Any]] {
        let lines = verdict.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.enumerated().map { index, line in
            ["line": visible(String(line)), "last": index == lines.count - 1]
        }
    }
}

extension Report.Card {
    fileprivate var context: [String: Any] {
        [
            "label": label, "value": value, "note": note.isEmpty ? false : note,
            "tone": tone?.rawValue ?? "",
        ]
    }
}

extension Report.Part {
    fileprivate var context: [String: Any] {
        var context: [String: Any] = ["table": false, "notes": false]
        switch self {
        case .table(let table): context["table"] = table.context
        case .notes(_, let lines) where lines.isEmpty: break
        case .notes(let title, let lines):
            context["notes"] = [
                "title": visible(title), "lines": lines.map { ["line": visible($0)] },
            ]
        case .facts(let facts):
            context["notes"] = [
                "title": "",
                "lines": facts.map { ["line": "\($0.label): \($0.value.text(TextStyle()))"] },
            ]
        case .text(let text):
            context["notes"] = [
                "title": "",
                "lines": text.split(separator: "\n").map { ["line": visible(String($0))] },
            ]
        }
        return context
    }
}

extension Table {
    fileprivate var context: [String: Any] {
        let numeric = headings.indices.map { isNumeric($0) }
        let bars = headings.indices.map { column in rows.contains { !$0[column].bars.isEmpty } }
        func line(_ cells: [Cell]) -> [PageCell] {
            cells.indices.map { PageCell(cell: cells[$0], isNumeric: numeric[$0]) }
        }
        return [
            "headings": headings.indices.map { column -> [String: Any] in
                let keys = headings[column].split(separator: "/").enumerated().map {
                    ["index": "\($0)", "label": String($1)] as [String: Any]
                }
                return [
                    "text": bars[column] ? "" : headings[column],
                    "class": numeric[column] ? "n" : false, "keys": bars[column] ? keys : false,
                ]
            },
            "rows": rowsShown.map { ["cells": line($0)] },
            "total": total.map { ["cells": line($0)] } ?? false,
            "remark": remark ?? false,
        ]
    }
}

/// A cell under the names of the template, without a dictionary for each of thousands of cells.
private struct PageCell: MustacheParent {
    let cell: Cell
    let isNumeric: Bool

    func child(named name: String) -> Any? {
        switch name {
        case "text": visible(cell.shown)
        case "class": classes.isEmpty ? nil : classes.joined(separator: " ")
        case "bars":
            cell.bars.enumerated().map { ["index": "\($0)", "width": Self.percent($1)] }
        default: nil
        }
    }

    private var classes: [String] {
        [isNumeric ? "n" : nil, cell.tone?.rawValue].compactMap(\.self)
    }

    /// A percentage with two decimals.
    private static func percent(_ part: Double) -> String {
        "\((max(0, min(1, part)) * 10_000).rounded() / 100)"
    }
}

/// Escapes by Unicode scalars: a quotation mark with a combining accent is another Character, but a
/// browser still reads a quotation mark.
private struct ScalarHTML: MustacheContentType {
    func escapeText(_ text: String) -> String {
        var html = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": html += "&amp;".unicodeScalars
            case "<": html += "&lt;".unicodeScalars
            case ">": html += "&gt;".unicodeScalars
            case "\"": html += "&quot;".unicodeScalars
            case "'": html += "&#39;".unicodeScalars
            default: html.append(scalar)
            }
        }
        return String(html)
    }
}
