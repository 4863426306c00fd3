/// Numbers of eight lanes each, at the start of a cache line: a vector across two lines is read and
/// written twice.
@safe final class LaneMemory {
  private static let line = 64

  /// As many as vectors, times `LanePanel.itemCount`; 0 at first.
  let numbers: UnsafeMutablePointer<Double>
  private let count: Int

  init(vectors: Int) {
    count = vectors * LanePanel.itemCount
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: max(Self.line, count * MemoryLayout<Double>.stride), alignment: Self.line)
    unsafe numbers = memory.bindMemory(to: Double.self, capacity: count)
    clear()
  }

  deinit { unsafe numbers.deallocate() }

  /// - Parameters:
  ///   - vector: its place.
  ///   - lane: of its eight numbers.
  subscript(vector: Int, lane: Int) -> Double {
    precondition(vector >= 0 && vector * LanePanel.itemCount + lane < count)
    return unsafe numbers[vector * LanePanel.itemCount + lane]
  }

  func clear() { unsafe numbers.initialize(repeating: 0, count: count) }
}
