package import JSON

/// A result, or a part of one, that declares its members once.
///
/// JSON, tables, CSV, pages and the schema in `/openapi.json` are derived from its shape.
package protocol RenderableObject: Renderable {
    static var shape: Shape<Self> { get }
    /// The parts of a report that show some rows: a table, unless the type defines others.
    static func parts(of rows: [Self]) -> [Report.Part]
    /// How tables of it are shown to people.
    static var layout: Table.Layout { get }
}

extension RenderableObject {
    package static var layout: Table.Layout { Table.Layout() }
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

/// One member of an object: its name, how to read it, and its place in tables.
package struct Member<Owner>: Sendable {
    /// Where a member is shown in addition to JSON.
    package enum Place: Sendable {
        case jsonOnly
        /// A column under its name in JSON.
        case column
        case heading(String)
    }

    let properties: [JSONSchema.Property]
    let write: @Sendable (Owner, inout JSONWriter) -> Void
    /// The cells with their headings; an included object has several.
    let cells: @Sendable (Owner) -> [(heading: String, cell: Cell)]
    /// The headings of the table, known even without rows.
    let headings: [String]

    /// - Parameters:
    ///   - omitted: whether JSON leaves the member out if it is unknown.
    ///   - condition: whether an owner has the member in JSON at all, known or not.
    ///   - tone: how a page highlights the cell.
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

    /// A column without a member in JSON, since its parts are already members.
    package init<Value: Renderable>(
        heading: String, tone: (@Sendable (Owner) -> Tone?)? = nil,
        _ read: @escaping @Sendable (Owner) -> Value
    ) {
        properties = []
        write = { _, _ in }
        headings = [heading]
        cells = Self.cells(heading, read, tone)
    }

    /// Includes all members of another object, as if they were the owner's.
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

    /// Members whose names depend on the result, such as the dimensions that it is grouped by.
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
