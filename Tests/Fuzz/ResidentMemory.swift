import Glibc

/// The memory that this process has in use, as the kernel tells it.
enum ResidentMemory {
  /// Begins a new peak.
  ///
  /// - Returns: the bytes in use now.
  static func forgettingPeak() -> Int {
    if let file = unsafe fopen("/proc/self/clear_refs", "w") {
      unsafe fputs("5", file)
      unsafe fclose(file)
    }
    return kilobytes(of: "VmRSS:") << 10
  }

  /// The most bytes in use since the peak was forgotten.
  static func peak() -> Int { kilobytes(of: "VmHWM:") << 10 }

  private static func kilobytes(of key: String) -> Int {
    guard let file = unsafe fopen("/proc/self/status", "r") else { return 0 }
    defer { unsafe fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while unsafe fgets(&line, 256, file) != nil {
      let bytes = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      let text = String(decoding: bytes, as: UTF8.self)
      guard text.hasPrefix(key) else { continue }
      return text.split { !$0.isNumber }.compactMap { Int($0) }.first ?? 0
    }
    return 0
  }
}
