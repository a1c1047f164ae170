package import JSON

/// A result, or a part of one, that says once which members it has.
///
/// JSON, tables, CSV, pages and the schema in `/openapi.json` follow from its shape.
package protocol RenderableObject: Renderable {
    static var shape: Shape<Self> { get }
    /// What people read of some: a table, unless a type knows better.
    static func parts(of rows: [Self]) -> [Report.Part]
}

extension RenderableObject {
    package static func parts(of rows: [Self]) -> [Report.Part] { [.table(Table(rows))] }
    package static var schema: JSONSchema { shape.schema }
    package var cell: Cell { Cell(json) }
    package func write(to json: inout JSONWriter) { Self.shape.write(self, to: &json) }

    package static func write(_ list: [Self], to json: inout JSONWriter) {
        let shape = Self.shape
        json.array(of: list) { json, value in shape.write(value, to: &json) }
    }
}

/// The members of an object, in order.
///
///     static let shape = Shape<KeyEntry> {
///         Member("id", \.id, .column)
///         Member("created_at", \.createdAt, .heading("created"))
///     }
package struct Shape<Owner>: Sendable {
    package let members: [Member<Owner>]

    package init(@ShapeBuilder<Owner> _ members: () -> [Member<Owner>]) {
        self.members = members()
    }

    package var schema: JSONSchema {
        .object(title: "\(Owner.self)", members.flatMap(\.properties))
    }

    package func write(_ owner: Owner, to json: inout JSONWriter) {
        json.object { writeMembers(of: owner, to: &$0) }
    }

    fileprivate func writeMembers(of owner: Owner, to json: inout JSONWriter) {
        for member in members { member.write(owner, &json) }
    }
}

@resultBuilder
package enum ShapeBuilder<Owner> {
    package static func buildExpression(_ member: Member<Owner>) -> [Member<Owner>] { [member] }
    package static func buildBlock(_ members: [Member<Owner>]...) -> [Member<Owner>] {
        members.flatMap(\.self)
    }
}

/// One member of an object: its name, how it is read, and its place in tables.
package struct Member<Owner>: Sendable {
    /// Where a member is seen beside JSON.
    package enum Place: Sendable {
        case jsonOnly
        /// A column under the name that JSON has for it.
        case column
        case heading(String)
    }

    let properties: [JSONSchema.Property]
    let write: @Sendable (Owner, inout JSONWriter) -> Void
    /// What stands under which headings; an object that is included has several.
    let cells: @Sendable (Owner) -> [(heading: String, cell: Cell)]
    /// Headings of the table, also where there is no row.
    let headings: [String]

    /// - Parameters:
    ///   - omitted: whether JSON leaves the member out where it is not known.
    ///   - condition: says of which owners JSON has the member, known or not.
    ///   - tone: what a page makes of the cell.
    package init<Value: Renderable>(
        _ name: String, _ read: @escaping @Sendable (Owner) -> Value, _ place: Place = .jsonOnly,
        omitted: Bool = false, when condition: (@Sendable (Owner) -> Bool)? = nil,
        tone: (@Sendable (Owner) -> Tone?)? = nil
    ) {
        let heading: String? =
            switch place {
            case .jsonOnly: nil
            case .column: name
            case .heading(let text): text
            }
        properties = [
            JSONSchema.Property(
                name: name, schema: Value.schema, isRequired: !omitted && condition == nil)
        ]
        write = { owner, json in
            guard condition?(owner) ?? true else { return }
            let value = read(owner)
            if omitted, value.isUnknown { return }
            json.key(name)
            value.write(to: &json)
        }
        headings = heading.map { [$0] } ?? []
        cells = Self.cells(heading, read, tone)
    }

    /// A column that JSON does not have, since its parts are members already.
    package init<Value: Renderable>(
        heading: String, tone: (@Sendable (Owner) -> Tone?)? = nil,
        _ read: @escaping @Sendable (Owner) -> Value
    ) {
        properties = []
        write = { _, _ in }
        headings = [heading]
        cells = Self.cells(heading, read, tone)
    }

    /// All members of another object, as if they were the owner's own.
    package init<Part: RenderableObject>(including read: @escaping @Sendable (Owner) -> Part) {
        let shape = Part.shape
        properties = shape.members.flatMap(\.properties)
        write = { owner, json in shape.writeMembers(of: read(owner), to: &json) }
        headings = shape.members.flatMap(\.headings)
        cells = { owner in
            let part = read(owner)
            return shape.members.flatMap { $0.cells(part) }
        }
    }

    /// Members whose names only the result knows, such as the dimensions that it is grouped by.
    package init<Value: Renderable>(
        spreading read: @escaping @Sendable (Owner) -> [(name: String, value: Value)]
    ) {
        properties = [JSONSchema.Property(name: nil, schema: Value.schema, isRequired: false)]
        write = { owner, json in
            for (name, value) in read(owner) {
                json.key(name)
                value.write(to: &json)
            }
        }
        headings = []
        cells = { owner in read(owner).map { ($0.name, $0.value.cell) } }
    }

    private static func cells<Value: Renderable>(
        _ heading: String?, _ read: @escaping @Sendable (Owner) -> Value,
        _ tone: (@Sendable (Owner) -> Tone?)?
    ) -> @Sendable (Owner) -> [(heading: String, cell: Cell)] {
        guard let heading else { return { _ in [] } }
        return { owner in
            var cell = read(owner).cell
            cell.tone = tone?(owner) ?? cell.tone
            return [(heading, cell)]
        }
    }
}
