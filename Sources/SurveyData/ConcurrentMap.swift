import Dispatch

/// The results of `body` for 0 ..< count, in that order, worked out on several threads.
package func concurrentMap<Result: Sendable>(
  count: Int, threads: Int?, _ body: @Sendable (Int) -> Result
) -> [Result] {
  guard count > 1, threads != 1 else { return (0..<count).map(body) }
  let slots = ResultSlots<Result>(count: count)
  if let threads {
    // Each thread takes every n-th task.
    DispatchQueue.concurrentPerform(iterations: min(threads, count)) { thread in
      for index in stride(from: thread, to: count, by: threads) { slots[index] = body(index) }
    }
  } else {
    DispatchQueue.concurrentPerform(iterations: count) { slots[$0] = body($0) }
  }
  return slots.all
}

/// A slot a task: no two tasks write the same one, and all are read after the last has ended.
@safe private final class ResultSlots<Result: Sendable>: @unchecked Sendable {
  private let slots: UnsafeMutableBufferPointer<Result?>

  init(count: Int) {
    unsafe slots = .allocate(capacity: count)
    unsafe slots.initialize(repeating: nil)
  }

  deinit {
    unsafe slots.deinitialize()
    unsafe slots.deallocate()
  }

  subscript(index: Int) -> Result {
    get { unsafe slots[index]! }
    set { unsafe slots[index] = newValue }
  }

  var all: [Result] { unsafe slots.map { $0! } }
}
