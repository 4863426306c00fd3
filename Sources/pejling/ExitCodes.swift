import Glibc
import SurveyData

extension Fault {
  /// The exit code of the contract (sysexits.h).
  var exitCode: Int32 {
    switch self {
    case .usage: EX_USAGE
    case .data: EX_DATAERR
    case .input: EX_NOINPUT
    case .output: EX_CANTCREAT
    }
  }
}

/// Writes a message to standard error.
func report(_ message: String) {
  let bytes = Array((message + "\n").utf8)
  unsafe bytes.withUnsafeBytes { bytes in
    _ = unsafe write(STDERR_FILENO, bytes.baseAddress, bytes.count)
  }
}

func report(_ message: String, exitCode: Int32) -> Never {
  report(message)
  exit(exitCode)
}
