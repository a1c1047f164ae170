import Foundation
import Glibc
import Testing

/// A disk that fills up under a running service.
@Suite("A full disk", .serialized)
struct FullDiskTests {
    @Test(
        "a full disk is a clear 503, nothing is lost, and it works again once there is space",
        .enabled("needs the right to mount a file system") { await SmallDisk.canMount() })
    func fullDisk() async throws {
        try await withScratchDirectory { directory in
            let disk = try await SmallDisk.mount(at: directory + "/disk", megabytes: 256)
            do {
                let place = Place(databaseURL: nil, dataDirectory: disk.path)
                try await fill(disk, place)
            } catch {
                await EmbeddedCluster(dataDirectory: disk.path).remove()
                await disk.unmount()
                throw error
            }
            await EmbeddedCluster(dataDirectory: disk.path).remove()
            await disk.unmount()
        }
    }

    private func fill(_ disk: SmallDisk, _ place: Place) async throws {
        try await withService(on: place) { service in
            let load = Load(service.url)
            try await load.run {
                try await load.more(20)
                try disk.fill()
                try await poll("callers are told", within: .seconds(60)) {
                    load.statuses[503, default: 0] > 0
                }
                #expect(try await service.client().get("/healthz").status == 200)
                try disk.free()
                try await load.more(40)
            }
            #expect(load.lostConnections == 0)
            try await Auditor(place: place).check(load, isComplete: true)
        }
    }
}

/// A file system of a few megabytes.
struct SmallDisk {
    let path: String
    private var ballast: String { path + "/ballast" }

    static func canMount() async -> Bool {
        guard geteuid() == 0 else { return false }
        let isMounted = try? await withScratchDirectory { directory in
            let disk = try await mount(at: directory + "/disk", megabytes: 1)
            await disk.unmount()
            return true
        }
        return isMounted == true
    }

    static func mount(at path: String, megabytes: Int) async throws -> SmallDisk {
        mkdir(path, 0o711)
        let run = try await CommandRun.run(
            "/usr/bin/env",
            ["mount", "-t", "tmpfs", "-o", "size=\(megabytes)m,mode=0711", "tmpfs", path])
        guard run.exitCode == 0 else { throw ServiceTestError("mount: \(run.errors)") }
        return SmallDisk(path: path)
    }

    func unmount() async {
        _ = try? await CommandRun.run("/usr/bin/env", ["umount", "-l", path])
    }

    /// Writes until nothing more fits.
    func fill() throws {
        let descriptor = open(ballast, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ServiceTestError("the ballast can't be written") }
        defer { close(descriptor) }
        for size in [1 << 20, 1 << 12] {
            let piece = [UInt8](repeating: 1, count: size)
            while write(descriptor, piece, size) == size {}
        }
    }

    /// Frees some space again.
    func free(megabytes: Int) throws {
        let size = (try FileManager.default.attributesOfItem(atPath: ballast)[.size] as? Int) ?? 0
        guard truncate(ballast, off_t(max(0, size - megabytes << 20))) == 0 else {
            throw ServiceTestError(systemCall: "truncate")
        }
    }

    func free() throws { try FileManager.default.removeItem(atPath: ballast) }
}
