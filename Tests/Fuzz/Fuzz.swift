import Glibc
import SurveyData
import SurveyFiles
import SurveyTestSupport

/// Reads damaged copies of a file, one after another, in a process of its own:
///
///     fuzz FILE SEED FIRST COUNT SCRATCH
///
/// Each is read or refused with a sentence. A trap, a fault of memory or more than five seconds ends
/// the process, as do a hundred times the file's bytes of memory (and four megabytes, which buffers and
/// pages take whatever is read); `SCRATCH.progress` then holds the number of the copy, and `SCRATCH` the
/// copy. The last line tells how many were refused and the most memory that one took.
@main
struct Fuzz {
  static func main() {
    let arguments = CommandLine.arguments
    guard arguments.count == 6, let bytes = Bytes(mapping: arguments[1]),
      let seed = UInt64(arguments[2]), let first = Int(arguments[3]), let count = Int(arguments[4])
    else {
      print("fuzz FILE SEED FIRST COUNT SCRATCH")
      exit(64)
    }
    let original = bytes.withSpan(of: UInt8.self) { span in span.indices.map { span[$0] } }
    let scratch = arguments[5]
    limitMemory()
    var refused = 0
    var most = 0
    for number in first..<first + count {
      var generator = SeededGenerator(seed: seed &* 1_000_003 &+ UInt64(number))
      let copy = damaged(original, &generator)
      save(copy, to: scratch)
      save(Array(String(number).utf8), to: scratch + ".progress")
      alarm(5)
      let before = ResidentMemory.forgettingPeak()
      do {
        _ = try readData(at: scratch, selecting: .all)
      } catch {
        refused += 1
        guard let fault = error as? any InputFault, fault.description.hasSuffix(".") else {
          print("copy \(number): \(error)")
          exit(70)
        }
      }
      // The first reading brings the program itself into memory.
      guard number > first else { continue }
      let taken = ResidentMemory.peak() - before
      most = max(most, taken)
      guard taken <= 100 * copy.count + 4 << 20 else {
        print("copy \(number): \(taken) bytes of memory for a file of \(copy.count)")
        exit(71)
      }
    }
    print("\(refused) refused, \(most >> 10) kB at most")
  }

  /// Bytes changed, moved, repeated or cut off, at one to four places.
  private static func damaged(
    _ original: [UInt8], _ generator: inout SeededGenerator
  ) -> [UInt8] {
    var bytes = original
    for _ in 0...Int(generator.next() % 4) where !bytes.isEmpty {
      let place = Int(generator.next() % UInt64(bytes.count))
      let length = min(Int(generator.next() % 16), bytes.count - place)
      switch generator.next() % 8 {
      case 0: bytes[place] = UInt8(truncatingIfNeeded: generator.next())
      case 1, 2: bytes[place] ^= 1 << UInt8(generator.next() % 8)
      case 3, 4: bytes[place] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF][Int(generator.next() % 6)]
      case 5: bytes.removeSubrange(place..<place + length)
      case 6: bytes.insert(contentsOf: bytes[place..<place + length], at: place)
      default: bytes.removeSubrange(place...)
      }
    }
    return bytes
  }

  /// A new file each time: the one before may still be mapped.
  private static func save(_ bytes: [UInt8], to path: String) {
    unsafe unlink(path)
    guard let file = unsafe fopen(path, "w") else { exit(73) }
    unsafe bytes.withUnsafeBytes { bytes in
      _ = unsafe fwrite(bytes.baseAddress, 1, bytes.count, file)
    }
    unsafe fclose(file)
  }

  /// A gigabyte beyond what a process has to begin with: a damaged length is no reason to take more.
  private static func limitMemory() {
    var limit = rlimit()
    unsafe getrlimit(__rlimit_resource_t(UInt32(RLIMIT_DATA.rawValue)), &limit)
    limit.rlim_cur = 1 << 30
    unsafe setrlimit(__rlimit_resource_t(UInt32(RLIMIT_DATA.rawValue)), &limit)
  }
}
