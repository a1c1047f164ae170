import Glibc
package import LedgerModel

/// Why an import stopped; what was taken stays, and running it again adds nothing twice.
package enum ImportFault: Error, Hashable, Sendable {
    /// The mapping does not fit; nothing was read.
    case mapping(String)
    case cannotRead(path: String, errno: Int32)
    case corrupt(path: String, coding: String)
    /// The file is not what its format says, from this line on.
    case malformed(path: String, line: Int, reason: String)
    case changedWhileRead(path: String)
    case temporaryFile(errno: Int32)
}

extension ImportFault: Fault {
    package var kind: FaultKind {
        if case .mapping = self { .usage } else { .invalid }
    }

    package var description: String {
        switch self {
        case .mapping(let problem): problem
        case .cannotRead(let path, let code): "\(path) cannot be read: \(Self.text(of: code))"
        case .corrupt(let path, let coding):
            "\(path) is not valid \(coding), or it is truncated"
        case .malformed(let path, let line, let reason): "\(path), line \(line): \(reason)"
        case .changedWhileRead(let path):
            "\(path) changed while it was being read: import it again once it is complete"
        case .temporaryFile(let code):
            "cannot write a temporary file (set TMPDIR to a directory with free space): "
                + Self.text(of: code)
        }
    }

    private static func text(of code: Int32) -> String { String(cString: strerror(code)) }
}
