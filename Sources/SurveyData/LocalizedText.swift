/// The languages a survey is described and reported in.
public enum Language: String, Sendable, CaseIterable, Codable {
  case da, en
}

/// A text in one or both languages. Asking for a language that is not there gives the other.
public struct LocalizedText: Sendable, Hashable {
  public var da: String?
  public var en: String?

  public init(da: String? = nil, en: String? = nil) {
    self.da = da
    self.en = en
  }

  /// The same text in both languages.
  public init(_ text: String) {
    da = text
    en = text
  }

  public subscript(language: Language) -> String {
    switch language {
    case .da: da ?? en ?? ""
    case .en: en ?? da ?? ""
    }
  }

  /// Whether there is no text in any language.
  public var isEmpty: Bool { (da ?? "").isEmpty && (en ?? "").isEmpty }

  /// Whether `text` is this text in any of its languages.
  public func matches(_ text: String) -> Bool { da == text || en == text }
}
