/// What went wrong, in the terms of the command line's exit codes.
public enum Fault: Sendable {
  /// A command that makes no sense: exit code 64.
  case usage
  /// Data that cannot be used: exit code 65.
  case data
  /// An input that is missing or unreadable: exit code 66.
  case input
  /// An output that cannot be written: exit code 73.
  case output
}

/// An error that a person can act on: its description is a sentence with the place, the value and
/// what to do.
public protocol InputFault: Error, CustomStringConvertible {
  var fault: Fault { get }
}

/// A text of the input as a message shows it: line breaks, which names may have, as a sign each.
package func inOneLine(_ text: String) -> String {
  String(text.map { $0.isNewline ? "\u{21B5}" : $0 })
}

/// Where something stands in a file that a person wrote or exported.
public struct SourcePlace: Sendable, Hashable, CustomStringConvertible {
  public var file: String
  /// Counted from 1; `nil` where the file has no lines (a binary format) or the place is the whole.
  public var line: Int?
  /// The position in the line, counted from 1 in characters.
  public var column: Int?

  public init(file: String, line: Int? = nil, column: Int? = nil) {
    self.file = file
    self.line = line
    self.column = column
  }

  public var description: String {
    var text = file
    if let line { text += ":\(line)" }
    if let column { text += ":\(column)" }
    return text
  }
}
