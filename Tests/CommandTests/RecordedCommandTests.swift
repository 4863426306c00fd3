import Foundation
import SurveyTestSupport
import Testing

/// What users see, held as it was when someone last looked at it: `fixtures/commands/<case>` has the
/// `command` and its `stdout`, `stderr` and `status`. `PEJLING_RECORD=1` writes them anew and fails
/// once, so that a recording is read before it is trusted.
@Suite("Recorded commands say what they said")
struct RecordedCommandTests {
  @Test("output, messages and exit code", arguments: recordedCases)
  func recorded(name: String) throws {
    let folder = recordings.appending(path: name)
    func text(_ part: String) -> String? {
      try? String(contentsOf: folder.appending(path: part), encoding: .utf8)
    }
    let command = try #require(text("command"))
    let outcome = try shell(command)
    let parts = [
      ("stdout", outcome.stdout), ("stderr", outcome.stderr), ("status", "\(outcome.status)\n"),
    ]
    if ProcessInfo.processInfo.environment["PEJLING_RECORD"] != nil {
      for (part, content) in parts {
        try Data(content.utf8).write(to: folder.appending(path: part))
      }
      Issue.record("recorded: read what has changed, then run again without PEJLING_RECORD")
      return
    }
    for (part, content) in parts {
      #expect(content == text(part), "\(name)/\(part)")
    }
    #expect(!(outcome.stdout + outcome.stderr).contains(Fixture.packageRoot.path))
  }

  @Test("there are cases")
  func cases() { #expect(recordedCases.count >= 15) }
}

private let recordings = Fixture.url("commands")

private let recordedCases: [String] = {
  let names = try? FileManager.default.contentsOfDirectory(atPath: recordings.path)
  return (names ?? []).filter { !$0.hasPrefix(".") }.sorted()
}()
