import LedgerModel

/// The exit code of a process: the codes of BSD's `sysexits.h` that scripts rely on.
package enum ExitStatus: Int32, Sendable {
    case success = 0
    case checkFailed = 1
    case wrongUsage = 64
    case inputRejected = 65
    case unavailable = 69
    case internalError = 70

    /// The status of an error; any error that is not a `Fault` is a defect in the program.
    package init(of error: any Error) {
        self =
            switch (error as? any Fault)?.kind {
            case .usage: .wrongUsage
            case .invalid, .notFound, .conflict, .tooLarge, .unsupported, .tookTooLong,
                .unauthenticated, .forbidden, .overBudget, .busy:
                .inputRejected
            case .unavailable, .closing: .unavailable
            case .defect, nil: .internalError
            }
    }
}
