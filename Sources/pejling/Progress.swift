import Dispatch
import Glibc

/// Says on standard error what goes on and for how long, where that is a terminal and the work takes
/// more than a second; the line is gone when the work is done.
func withProgress<Result>(_ what: String, _ body: () throws -> Result) rethrows -> Result {
  guard isatty(STDERR_FILENO) != 0 else { return try body() }
  let start = DispatchTime.now()
  let queue = DispatchQueue(label: "progress")
  let timer = DispatchSource.makeTimerSource(queue: queue)
  timer.schedule(deadline: start + 1, repeating: 0.5)
  timer.setEventHandler {
    let nanoseconds = DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds
    show("\r\u{1B}[K\(what): \(nanoseconds / 1_000_000_000) s")
  }
  timer.resume()
  defer {
    timer.cancel()
    // What the timer may be at must not come after the line is cleared.
    queue.sync {
      let nanoseconds = DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds
      if nanoseconds >= 1_000_000_000 { show("\r\u{1B}[K") }
    }
  }
  return try body()
}

private func show(_ text: String) {
  let bytes = Array(text.utf8)
  unsafe bytes.withUnsafeBytes { bytes in
    _ = unsafe write(STDERR_FILENO, bytes.baseAddress, bytes.count)
  }
}
