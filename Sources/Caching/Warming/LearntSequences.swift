package import LedgerModel

/// Which request follows which in a session: after A comes B, within a time, so often.
///
/// Learning and trial are one: once B has followed A `supportMin` times, each further A is a trial
/// of "B follows", so what is known of it is from history that it was not learnt from.
package struct LearntSequences: Sendable {
    private var rows: [Place: Row] = [:]
    private var sessions: [UInt64: (key: CacheKey, app: Int32, time: Timestamp)] = [:]
    private let within: Int64

    private struct Place: Hashable {
        let app: Int32
        let key: CacheKey
    }

    fileprivate struct Row {
        var seen = 0
        var followers: [Follower] = []
    }

    package struct Follower: Sendable {
        package let key: CacheKey
        /// How often it followed.
        package fileprivate(set) var count: Int
        /// How often it was expected, and how often it came then.
        package fileprivate(set) var tried = 0
        package fileprivate(set) var used = 0
    }

    /// Before that many times nothing is expected, and before as many trials nothing is fetched.
    package static let supportMin = 5
    package static let followersMax = 8
    package static let keysMax = 131_072
    package static let sessionsMax = 65_536

    /// - Parameter within: how long after A B has to come.
    package init(within: Duration = .seconds(300)) {
        self.within = within.components.seconds * 1_000_000
    }

    package mutating func saw(_ access: PastAccess) {
        guard access.session != 0 else { return }
        if let last = sessions[access.session], last.app == access.app,
            access.time.microseconds - last.time.microseconds <= within, last.key != access.key
        {
            note(access.key, after: Place(app: last.app, key: last.key))
        }
        let place = Place(app: access.app, key: access.key)
        if rows[place] == nil, rows.count >= Self.keysMax { forget() }
        rows[place, default: Row()].expect()
        if sessions.count >= Self.sessionsMax, sessions[access.session] == nil {
            sessions = sessions.filter {
                access.time.microseconds - $0.value.time.microseconds <= within
            }
            if sessions.count >= Self.sessionsMax { sessions = [:] }
        }
        sessions[access.session] = (access.key, access.app, access.time)
    }

    private mutating func note(_ key: CacheKey, after place: Place) {
        guard var row = rows[place] else { return }
        if let index = row.followers.firstIndex(where: { $0.key == key }) {
            if row.followers[index].count >= Self.supportMin { row.followers[index].used += 1 }
            row.followers[index].count += 1
        } else if row.followers.count < Self.followersMax {
            row.followers.append(Follower(key: key, count: 1))
        } else if let index = row.followers.firstIndex(where: { $0.count == 1 }) {
            row.followers[index] = Follower(key: key, count: 1)
        }
        rows[place] = row
    }

    /// What came once is the first to be forgotten, then half of everything.
    private mutating func forget() {
        rows = rows.filter { $0.value.seen > 1 }
        guard rows.count > Self.keysMax / 2 else { return }
        let middle = rows.count / 2
        let seen = rows.values.map(\.seen).sorted()[middle]
        rows = rows.filter { $0.value.seen > seen }
    }

    /// What may be expected after a request of an application, the likeliest first.
    package func followers(of key: CacheKey, app: Int32) -> [Follower] {
        (rows[Place(app: app, key: key)]?.followers ?? [])
            .filter { $0.tried >= Self.supportMin }
            .sorted { ($1.used * $0.tried, $1.count) < ($0.used * $1.tried, $0.count) }
    }

    /// The last request of each session that may still be followed by another.
    package func open(at now: Timestamp) -> [(key: CacheKey, app: Int32)] {
        sessions.values
            .filter { now.microseconds - $0.time.microseconds <= within && $0.time <= now }
            .map { ($0.key, $0.app) }
    }
}

extension LearntSequences.Row {
    fileprivate mutating func expect() {
        seen += 1
        for index in followers.indices
        where followers[index].count >= LearntSequences.supportMin { followers[index].tried += 1 }
    }
}
