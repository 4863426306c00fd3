#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Memory for a value a row while a file is decoded, with room for as many rows as there can be.
///
/// Pages that nothing is written to cost nothing. Different threads write different rows; what was
/// written is read when all are done.
@safe final class ScratchRows: @unchecked Sendable {
  let start: UnsafeMutableRawPointer
  private let byteCount: Int

  /// `nil` where there is no such memory.
  init?(rows: Int, width: Int) {
    byteCount = max(rows * width, 1)
    let memory = unsafe mmap(
      nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let memory = unsafe memory, unsafe memory != MAP_FAILED else { return nil }
    unsafe start = memory
  }

  deinit { unsafe munmap(start, byteCount) }

  /// Gives the memory back before the last reference goes; its values are zeros from then on.
  func discard() { unsafe madvise(start, byteCount, MADV_DONTNEED) }

  func pointer<Value: BitwiseCopyable>(to type: Value.Type) -> UnsafeMutablePointer<Value> {
    unsafe start.assumingMemoryBound(to: Value.self)
  }
}
