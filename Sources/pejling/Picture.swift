import FoundationEssentials
import SurveyData

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A drawing as PNG, twice the drawing's size, by the `rsvg-convert` program.
func png(fromSVG svg: String) throws(PictureError) -> [UInt8] {
  let folder = FileManager.default.temporaryDirectory
  let name = "pejling-\(getpid())"
  let drawing = folder.appending(path: name + ".svg")
  let picture = folder.appending(path: name + ".png")
  let errors = folder.appending(path: name + ".errors")
  defer {
    for file in [drawing, picture, errors] { try? FileManager.default.removeItem(at: file) }
  }
  do {
    try Data(svg.utf8).write(to: drawing)
    let status = try run(
      [
        "rsvg-convert", "--zoom", "2", "--format", "png", "--output", picture.path, drawing.path,
      ], errors: errors.path)
    guard status == 0 else {
      let message = String(decoding: (try? Data(contentsOf: errors)) ?? Data(), as: UTF8.self)
      throw PictureError(reason: "rsvg-convert said: \(message)")
    }
    return [UInt8](try Data(contentsOf: picture))
  } catch let error as PictureError {
    throw error
  } catch {
    throw PictureError(reason: "\(error)")
  }
}

/// Runs a program of the path and waits for it; what it says of errors goes to a file.
///
/// - Returns: its exit status.
private func run(_ words: [String], errors: String) throws(PictureError) -> Int32 {
  var actions = unsafe posix_spawn_file_actions_t()
  unsafe posix_spawn_file_actions_init(&actions)
  defer { unsafe posix_spawn_file_actions_destroy(&actions) }
  unsafe posix_spawn_file_actions_addopen(
    &actions, STDERR_FILENO, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
  var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
  defer { unsafe arguments.forEach { unsafe free($0) } }
  var process: pid_t = 0
  let failure = unsafe posix_spawnp(&process, words[0], &actions, nil, &arguments, environ)
  guard failure == 0 else {
    throw PictureError(
      reason: failure == ENOENT
        ? "the program \(words[0]) is not installed (Debian package librsvg2-bin)"
        : "\(words[0]) cannot be run: \(unsafe String(cString: strerror(failure)))")
  }
  var status: Int32 = 0
  while unsafe waitpid(process, &status, 0) < 0 {
    guard errno == EINTR else { return -1 }
  }
  return status
}

/// A picture that cannot be made from its drawing.
struct PictureError: InputFault {
  let reason: String

  var fault: Fault { .output }
  var description: String {
    "The picture cannot be made: \(reason). The drawing itself can be had with --format svg."
  }
}
