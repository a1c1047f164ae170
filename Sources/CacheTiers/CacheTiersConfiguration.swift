package import Caching

/// How large the tiers are, and how long others wait for them.
package struct CacheTiersConfiguration: Sendable {
    package var memory = Memory()
    /// Nil for none, which is the default.
    package var disk: Disk?
    package var shared = Shared.postgres(bytesPerLedger: 1 << 30)
    /// How long a look-up waits for the disk and the shared tier, together.
    package var lookupMax: Duration = .milliseconds(20)
    /// For how long an instance that can't hear of invalidations trusts what it has; nil for ever.
    package var unheardMax: Duration? = .seconds(1)
    /// How often it looks whether it missed one.
    package var hearingPause: Duration = .milliseconds(250)
    /// Callers that wait for others' answers at a time; the next ones fetch their own.
    package var waitersMax = 16_384
    /// How often expired answers are removed, pressure is looked at, and bounds are checked.
    package var sweepPause: Duration = .seconds(1)

    package init() {}

    package struct Memory: Sendable {
        package var capacityBytes = 256 << 20
        package var policy = PolicyName.adaptive
        /// Nil keeps answers as they are: a hit then costs no decompression.
        package var compression: Compression?

        package init() {}
    }

    package struct Disk: Sendable {
        /// Made if it is missing; one process at a time uses it.
        package var directory: String
        package var capacityBytes = 4 << 30
        package var compression: Compression? = .standard

        package init(directory: String) {
            self.directory = directory
        }
    }

    package enum Shared: Sendable {
        case none
        /// The database of the ledgers.
        case postgres(bytesPerLedger: Int)
        /// `redis://user:password@host:port/database` or `unix:///path`; secret. How much it keeps
        /// is its own configuration.
        case redis(address: String)
    }

    /// Zstandard, for bodies from a size on.
    ///
    /// Level 1 leaves 55 to 40 % of an answer of 1 to 64 KiB, level 3 at most 3 points less for a
    /// third more time; below 1 KiB there is little to save (docs/decisions/0071).
    package struct Compression: Sendable, Equatable {
        package var level: Int32 = 1
        package var bytesMin = 1_024

        package static let standard = Compression()

        package init(level: Int32 = 1, bytesMin: Int = 1_024) {
            self.level = level
            self.bytesMin = bytesMin
        }
    }
}
