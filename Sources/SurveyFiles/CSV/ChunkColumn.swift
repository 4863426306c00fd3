#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The values of one column in one chunk, as one lane read them.
@safe final class ChunkColumn: @unchecked Sendable {
  enum Kind {
    case codes8, codes32, numbers

    var size: Int {
      switch self {
      case .codes8: 1
      case .codes32: 4
      case .numbers: 8
      }
    }
  }

  private(set) var kind: Kind
  private(set) var memory: UnsafeMutableRawPointer
  var count = 0
  private let capacity: Int
  /// Holds the memory.
  private var slab: ColumnSlab?

  /// Room for `capacity` rows, in `slab` or in a new one that takes its place.
  init(_ kind: Kind, capacity: Int, in slab: inout ColumnSlab) {
    self.kind = kind
    self.capacity = capacity
    unsafe memory = room(capacity * kind.size, in: &slab)
    self.slab = slab
  }

  /// Goes over to values of another size; `convert` gets the old and the new memory.
  func changeKind(
    _ kind: Kind, in slab: inout ColumnSlab,
    _ convert: (UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> Void
  ) {
    slab = ColumnSlab(holding: capacity * kind.size)
    unsafe convert(memory, slab.free)
    unsafe memory = slab.free
    self.slab = slab
    self.kind = kind
  }

  /// Lets the next chunk have the room that no row needed.
  func close() { slab?.take(count * kind.size) }

  /// Lets go of the values: they were copied to where they belong.
  func discard() {
    slab = nil
    count = 0
  }
}

private func room(_ size: Int, in slab: inout ColumnSlab) -> UnsafeMutableRawPointer {
  if slab.freeCount < size { slab = ColumnSlab(holding: size) }
  return unsafe slab.free
}

/// Memory for the chunks of one column that one lane reads, given back when the last one is done.
///
/// Mapped, not allocated: a page that no row needs is never taken, and freed pages do not stay with
/// the heap. One mapping holds many chunks, because mapping takes a lock that all lanes wait for.
@safe final class ColumnSlab: @unchecked Sendable {
  private let start: UnsafeMutableRawPointer
  private let count: Int
  private var taken = 0

  /// No memory yet.
  init() {
    unsafe start = UnsafeMutableRawPointer(bitPattern: 64)!
    count = 0
  }

  init(holding size: Int) {
    count = max(size, 1 << 20)
    let memory = unsafe mmap(
      nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let memory = unsafe memory, unsafe memory != MAP_FAILED else {
      fatalError("out of memory: \(count) bytes for a column")
    }
    unsafe start = memory
  }

  deinit {
    if count > 0 { unsafe munmap(start, count) }
  }

  var free: UnsafeMutableRawPointer { unsafe start + taken }
  var freeCount: Int { count - taken }

  /// Takes bytes, up to the next multiple of 64.
  func take(_ size: Int) { taken = min(count, taken + (size + 63) & ~63) }
}
