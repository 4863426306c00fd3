import Foundation
import SurveyData

/// A drawing as PNG, twice the drawing's size, by the `rsvg-convert` program.
func png(fromSVG svg: String) throws(PictureError) -> [UInt8] {
  let folder = FileManager.default.temporaryDirectory
  let name = "pejling-\(ProcessInfo.processInfo.processIdentifier)"
  let drawing = folder.appending(path: name + ".svg")
  let picture = folder.appending(path: name + ".png")
  defer {
    try? FileManager.default.removeItem(at: drawing)
    try? FileManager.default.removeItem(at: picture)
  }
  do {
    try Data(svg.utf8).write(to: drawing)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "rsvg-convert", "--zoom", "2", "--format", "png", "--output", picture.path, drawing.path,
    ]
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let message = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw PictureError(
        reason: process.terminationStatus == 127
          ? "the program rsvg-convert is not installed (Debian package librsvg2-bin)"
          : "rsvg-convert said: \(String(decoding: message, as: UTF8.self))")
    }
    return [UInt8](try Data(contentsOf: picture))
  } catch let error as PictureError {
    throw error
  } catch {
    throw PictureError(reason: error.localizedDescription)
  }
}

/// A picture that cannot be made from its drawing.
struct PictureError: InputFault {
  let reason: String

  var fault: Fault { .output }
  var description: String {
    "The picture cannot be made: \(reason). The drawing itself can be had with --format svg."
  }
}
