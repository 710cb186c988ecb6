import Glibc
import PolicyFiles

/// How long a policy takes to load, from its file.
struct Load {
  let name: String
  let policy: LoadedPolicy
  let bytes: Int
  /// Seconds, the median of all.
  let seconds: Double

  /// Writes the policy to a temporary file and loads it so many times.
  init(_ name: String, _ generated: GeneratedPolicy, times: Int) throws {
    self.name = name
    let text = generated.text
    bytes = text.utf8.count
    var template = Array("/tmp/moongate-bench-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw Subject.Unfit(description: "no temporary file can be made") }
    let path = template.withUnsafeBufferPointer { String(decoding: $0.dropLast().map(UInt8.init), as: UTF8.self) }
    defer { unlink(path) }
    let written = Array(text.utf8).withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    close(descriptor)
    guard written == bytes else { throw Subject.Unfit(description: "\(path) cannot be written") }
    let clock = ContinuousClock()
    var taken: [Double] = []
    var last: LoadedPolicy?
    for _ in 0..<times {
      // The one before is let go first, outside of what is measured.
      last = nil
      let begun = clock.now
      last = try PolicyFile.load(path)
      taken.append(Subject.nanoseconds(clock.now - begun) / 1e9)
    }
    guard let last else { throw Subject.Unfit(description: "nothing was loaded") }
    policy = last
    seconds = taken.sorted()[taken.count / 2]
  }
}
