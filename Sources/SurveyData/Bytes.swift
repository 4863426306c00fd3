import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Immutable bytes of a column: memory of our own, or a file mapped into memory.
///
/// The bytes never change after the initialiser returns, so any number of threads may read them.
/// Column memory is made and freed in this file; what reads or writes it unchecked says `unsafe` there.
@safe public final class Bytes: Sendable {
  private enum Owner: Sendable {
    case allocation
    case mapping(length: Int)
    case shared(Bytes)
    case blank(BlankMemory)
  }

  private nonisolated(unsafe) let start: UnsafeRawPointer
  private let owner: Owner
  /// The number of bytes.
  public let count: Int

  /// Fills `count` values of `Element` in place and keeps them.
  ///
  /// The memory starts as zeros, so a filler that throws or stops early leaves no garbage behind.
  package init<Element: BitwiseCopyable, Failure: Error>(
    of type: Element.Type, count: Int, _ fill: (inout MutableSpan<Element>) throws(Failure) -> Void
  ) throws(Failure) {
    let byteCount = count * MemoryLayout<Element>.stride
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: max(byteCount, 1), alignment: 64)
    unsafe memset(memory, 0, max(byteCount, 1))
    unsafe start = UnsafeRawPointer(memory)
    self.count = byteCount
    owner = .allocation
    let typed = unsafe memory.bindMemory(to: Element.self, capacity: count)
    var span = unsafe MutableSpan(_unsafeStart: typed, count: count)
    try fill(&span)
  }

  /// Keeps the first bytes of memory that was filled, and gives the others back.
  ///
  /// - Precondition: nobody writes to it any more.
  package init(_ memory: BlankMemory, count: Int) {
    memory.giveBack(from: count)
    unsafe start = UnsafeRawPointer(memory.start)
    self.count = count
    owner = .blank(memory)
  }

  /// Fills `count` values of `Element` run by run, on several threads; each run has a part of the
  /// memory for itself, which starts as zeros.
  ///
  /// - Parameter threads: at most so many; `nil`: as many as there are.
  package init<Element: BitwiseCopyable>(
    of type: Element.Type, count: Int, inRuns runs: Int, threads: Int?,
    _ fill: @Sendable (_ rows: Range<Int>, _ part: inout MutableSpan<Element>) -> Void
  ) {
    let byteCount = count * MemoryLayout<Element>.stride
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: max(byteCount, 1), alignment: 64)
    unsafe start = UnsafeRawPointer(memory)
    self.count = byteCount
    owner = .allocation
    nonisolated(unsafe) let typed = unsafe memory.bindMemory(to: Element.self, capacity: count)
    let workers = min(threads ?? runs, runs)
    DispatchQueue.concurrentPerform(iterations: max(workers, 1)) { worker in
      for run in stride(from: worker, to: runs, by: max(workers, 1)) {
        let rows = count * run / runs..<count * (run + 1) / runs
        let part = unsafe typed + rows.lowerBound
        unsafe memset(part, 0, rows.count * MemoryLayout<Element>.stride)
        var span = unsafe MutableSpan(_unsafeStart: part, count: rows.count)
        fill(rows, &span)
      }
    }
  }

  /// Copies the values of an array.
  package convenience init<Element: BitwiseCopyable>(_ values: [Element]) {
    self.init(of: Element.self, count: values.count) { span in
      for index in values.indices { span[index] = values[index] }
    }
  }

  /// Maps a whole file for reading; `nil` where the file cannot be opened or mapped.
  package init?(mapping path: String) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    let length = Int(status.st_size)
    if length == 0 {
      unsafe start = UnsafeRawPointer(UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 8))
      count = 0
      owner = .allocation
      return
    }
    guard let memory = unsafe mmap(nil, length, PROT_READ, MAP_PRIVATE, descriptor, 0),
      unsafe memory != MAP_FAILED
    else { return nil }
    unsafe start = UnsafeRawPointer(memory)
    count = length
    owner = .mapping(length: length)
  }

  /// A part of other bytes, which stay alive as long as this does.
  package init(_ whole: Bytes, range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= whole.count)
    unsafe start = whole.start + range.lowerBound
    count = range.count
    owner = .shared(whole)
  }

  deinit {
    switch owner {
    case .allocation: unsafe start.deallocate()
    case .mapping(let length): unsafe munmap(UnsafeMutableRawPointer(mutating: start), length)
    case .shared, .blank: break
    }
  }

  /// Lends the bytes as values of `Element`; a remainder shorter than one value is left out.
  package func withSpan<Element: BitwiseCopyable, Result, Failure: Error>(
    of type: Element.Type, _ body: (Span<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let length = count / MemoryLayout<Element>.stride
    precondition(
      unsafe UInt(bitPattern: start) % UInt(MemoryLayout<Element>.alignment) == 0,
      "the bytes are not aligned for \(Element.self)")
    let typed = unsafe start.assumingMemoryBound(to: Element.self)
    let span = unsafe Span(_unsafeStart: typed, count: length)
    return try body(span)
  }
}

/// Memory that starts as zeros, for several threads to fill.
///
/// Mapped, not allocated: a page that nobody writes is never taken.
@safe package final class BlankMemory: Sendable {
  package nonisolated(unsafe) let start: UnsafeMutableRawPointer
  private let byteCount: Int
  /// That of which this is a part.
  private let whole: BlankMemory?

  package init(byteCount: Int) {
    self.byteCount = max(byteCount, 1)
    whole = nil
    let memory = unsafe mmap(
      nil, self.byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
      0)
    guard let memory = unsafe memory, unsafe memory != MAP_FAILED else {
      fatalError("out of memory: \(byteCount) bytes for a column")
    }
    unsafe start = memory
    // Pages of 2 MB: their faults would cost as much as filling them. A refusal changes nothing.
    if byteCount >= 4 << 20 { unsafe madvise(memory, byteCount, MADV_HUGEPAGE) }
  }

  /// A part of other memory, which lives as long as this does.
  package init(_ whole: BlankMemory, _ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= whole.byteCount)
    self.whole = whole
    byteCount = range.count
    unsafe start = whole.start + range.lowerBound
  }

  /// Gives back the pages that lie beyond `count` bytes.
  fileprivate func giveBack(from count: Int) {
    precondition(count <= byteCount)
    let page = sysconf(Int32(_SC_PAGESIZE))
    let address = UInt(bitPattern: unsafe start)
    let first = (Int(address) + count + page - 1) / page * page
    let end = (Int(address) + byteCount) / page * page
    if first < end {
      unsafe madvise(UnsafeMutableRawPointer(bitPattern: first), end - first, MADV_DONTNEED)
    }
  }

  deinit {
    if whole == nil { unsafe munmap(start, byteCount) } else { giveBack(from: 0) }
  }
}
