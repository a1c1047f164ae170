import Foundation

/// The arguments of the process, as everybody on the machine can read them.
enum ProcessArguments {
    private static let option = "--database-url"

    /// Runs the program anew with the database URL, and the password in it, in the environment,
    /// which only the same user and root can read; returns if the arguments have none.
    ///
    /// Call it once the arguments are known to be right, and before anything else happens.
    static func hideDatabaseURL() {
        guard let (rest, url) = withoutURL(CommandLine.arguments),
            let program = try? FileManager.default.destinationOfSymbolicLink(
                atPath: "/proc/self/exe")
        else { return }
        setenv("TALLY_DATABASE_URL", url, 1)
        var pointers = rest.map { strdup($0) } + [nil]
        execv(program, &pointers)
        // The program may have been replaced meanwhile; this one has read its arguments.
        pointers.forEach { free($0) }
    }

    /// The arguments without the option, and its value; nil if there is none.
    static func withoutURL(_ arguments: [String]) -> (rest: [String], url: String)? {
        var rest: [String] = []
        var url: String?
        var index = 0
        while index < arguments.count, arguments[index] != "--" {
            let argument = arguments[index]
            if argument == option, index + 1 < arguments.count {
                url = arguments[index + 1]
                index += 1
            } else if argument.hasPrefix(option + "=") {
                url = String(argument.dropFirst(option.count + 1))
            } else {
                rest.append(argument)
            }
            index += 1
        }
        guard let url, !url.isEmpty else { return nil }
        return (rest + arguments[index...], url)
    }
}
