#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif
import SurveyData

/// A file that cannot be written.
public struct UnwritableFile: InputFault {
  public let path: String
  public let reason: String

  public var fault: Fault { .output }
  public var description: String {
    "\(path): cannot be written: \(reason). Choose another file with -o."
  }
}

/// A file that appears whole or not at all: it is written beside its place, and renamed there when
/// it is finished. One that is never finished leaves nothing behind.
package final class FileWriter {
  private let path: String
  private let temporary: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var isFinished = false
  private static let bufferSize = 1 << 20

  package init(_ path: String) throws(UnwritableFile) {
    self.path = path
    temporary = "\(path).\(getpid()).part"
    descriptor = unsafe open(temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      isFinished = true
      throw UnwritableFile(path: path, reason: lastSystemError())
    }
    buffer.reserveCapacity(Self.bufferSize)
  }

  deinit {
    guard !isFinished else { return }
    close(descriptor)
    unsafe unlink(temporary)
  }

  package func append(_ text: String) throws(UnwritableFile) {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  package func append(_ bytes: some Collection<UInt8>) throws(UnwritableFile) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Large pieces go straight to the file.
  package func append(_ bytes: Bytes) throws(UnwritableFile) {
    try flush()
    try bytes.withSpan(of: UInt8.self) { (span) throws(UnwritableFile) in
      let failure = unsafe span.withUnsafeBufferPointer { pointer in
        unsafe writeAll(UnsafeRawBufferPointer(pointer))
      }
      if let failure { throw failure }
    }
  }

  /// Puts another eight-byte number, in the machine's byte order, in the place of one.
  ///
  /// - Returns: the new number.
  @discardableResult
  func change(at offset: Int, _ body: (Int64) -> Int64) throws(UnwritableFile) -> Int64 {
    try flush()
    var number: Int64 = 0
    let size = MemoryLayout<Int64>.size
    var isDone = unsafe pread(descriptor, &number, size, off_t(offset)) == size
    number = body(number)
    isDone = unsafe isDone && pwrite(descriptor, &number, size, off_t(offset)) == size
    guard isDone else { throw UnwritableFile(path: path, reason: lastSystemError()) }
    return number
  }

  /// Puts the file in its place, on the disk and not only in memory.
  package func finish() throws(UnwritableFile) {
    try flush()
    isFinished = true
    let isSynced = fsync(descriptor) == 0
    guard close(descriptor) == 0, isSynced, unsafe rename(temporary, path) == 0 else {
      let error = UnwritableFile(path: path, reason: lastSystemError())
      unsafe unlink(temporary)
      throw error
    }
  }

  private func flush() throws(UnwritableFile) {
    let failure = unsafe buffer.withUnsafeBytes { bytes in unsafe writeAll(bytes) }
    buffer.removeAll(keepingCapacity: true)
    if let failure { throw failure }
  }

  @unsafe private func writeAll(_ bytes: UnsafeRawBufferPointer) -> UnwritableFile? {
    var offset = 0
    while offset < bytes.count {
      let written = unsafe write(
        descriptor, bytes.baseAddress! + offset, bytes.count - offset)
      if written < 0 {
        if errno == EINTR { continue }
        return UnwritableFile(path: path, reason: lastSystemError())
      }
      offset += written
    }
    return nil
  }
}

/// The system's sentence for what failed last.
func lastSystemError() -> String { unsafe String(cString: strerror(errno)) }
