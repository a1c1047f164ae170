package import LedgerModel

/// A CloudEvent in the binary mode of HTTP: attributes in `ce-` headers, data in the body.
package enum CloudEventHeaders {
    /// Reads the one event of a request that has a `ce-specversion` header.
    ///
    /// Header names are compared ignoring case.
    package static func read(
        _ headers: [(name: String, value: String)], body: UnsafeRawBufferPointer, now: Timestamp
    ) -> ReadItem {
        let result: Result<Event, Rejection>
        do throws(Refusal) {
            let attributes = try attributes(in: headers)
            // The texts need stable addresses while the event is built from them.
            let storage = attributes.map { ($0.attribute, ByteStorage(copying: $0.value)) }
            var envelope = CloudEvent.Envelope()
            for (attribute, storage) in storage {
                envelope[attribute] = storage.text
            }
            let event = try withExtendedLifetime(storage) { () throws(Refusal) in
                try CloudEvent.read(envelope, json: body.dropByteOrderMark, at: now)
            }
            result = .success(event)
        } catch {
            let id = headers.first { $0.name.lowercased() == "ce-id" }?.value
            result = .failure(Rejection(id: id.map(unquoted), reason: error.reason))
        }
        return ReadItem(index: 0, line: nil, result: result)
    }

    private static func attributes(
        in headers: [(name: String, value: String)]
    ) throws(Refusal) -> [(attribute: CloudEvent.Attribute, value: [UInt8])] {
        var found: [(attribute: CloudEvent.Attribute, value: [UInt8])] = []
        for header in headers {
            let name = header.name.lowercased()
            let attribute: CloudEvent.Attribute
            if name == "content-type" {
                attribute = .datacontenttype
            } else if name.hasPrefix("ce-"),
                let known = CloudEvent.Attribute(rawValue: String(name.dropFirst(3))),
                ![.data, .dataBase64, .datacontenttype].contains(known)
            {
                attribute = known
            } else {
                continue
            }
            guard !found.contains(where: { $0.attribute == attribute }) else {
                throw Refusal("the header \(name) is given twice")
            }
            let value = percentDecoded(unquoted(header.value))
            guard String(validating: value, as: UTF8.self) != nil, !value.contains(0) else {
                throw Refusal("the header \(name) is not UTF-8 once decoded")
            }
            found.append((attribute, value))
        }
        return found
    }

    /// Removes the quotation marks of RFC 7230, section 3.2.6, if there are any.
    private static func unquoted(_ value: String) -> String {
        guard value.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") else { return value }
        var text = ""
        var isEscaped = false
        for character in value.dropFirst().dropLast() {
            if character == "\\" && !isEscaped {
                isEscaped = true
            } else {
                text.append(character)
                isEscaped = false
            }
        }
        return text
    }

    /// Decodes percent signs once; a percent sign without two digits stands for itself.
    private static func percentDecoded(_ value: String) -> [UInt8] {
        let bytes = Array(value.utf8)
        var decoded: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let high = hexadecimalValue(of: bytes[index + 1]),
                let low = hexadecimalValue(of: bytes[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(bytes[index])
                index += 1
            }
        }
        return decoded
    }
}

/// The value of a hexadecimal digit of either case.
func hexadecimalValue(of digit: UInt8) -> UInt8? {
    switch digit {
    case 48...57: digit - 48
    case 97...102: digit - 87
    case 65...70: digit - 55
    default: nil
    }
}
