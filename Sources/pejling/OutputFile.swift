import Glibc
import SurveyData

/// An output that cannot be written.
struct OutputError: InputFault {
  let path: String
  let reason: String

  var fault: Fault { .output }
  var description: String { "\(path): cannot be written: \(reason). Choose another file with -o." }
}

/// Writes to standard output, or to a file that appears whole or not at all.
func writeOutput(_ bytes: [UInt8], to path: String?) throws(OutputError) {
  guard let path else {
    // A closed pipe (`| head`) is no failure of ours.
    _ = signal(SIGPIPE, SIG_DFL)
    try writeAll(bytes, to: STDOUT_FILENO, path: "standard output")
    return
  }
  let temporary = "\(path).\(getpid()).part"
  let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
  guard descriptor >= 0 else { throw OutputError(path: path, reason: lastError()) }
  do throws(OutputError) {
    try writeAll(bytes, to: descriptor, path: path)
    guard fsync(descriptor) == 0, close(descriptor) == 0, unsafe rename(temporary, path) == 0 else {
      throw OutputError(path: path, reason: lastError())
    }
  } catch {
    unsafe unlink(temporary)
    throw error
  }
}

private func writeAll(
  _ bytes: [UInt8], to descriptor: Int32, path: String
) throws(OutputError) {
  var offset = 0
  while offset < bytes.count {
    let written = unsafe bytes.withUnsafeBytes { buffer in
      unsafe write(descriptor, buffer.baseAddress! + offset, buffer.count - offset)
    }
    guard written >= 0 else {
      if errno == EINTR { continue }
      throw OutputError(path: path, reason: lastError())
    }
    offset += written
  }
}

private func lastError() -> String { unsafe String(cString: strerror(errno)) }
