import SurveyData
import SurveyTables

extension Verification {
  /// The verdicts as JUnit XML: a test case a claim, which every CI server shows.
  ///
  /// - Parameter isStrict: whether "weaker than worded" fails, too.
  public func junit(language: Language, isStrict: Bool) -> String {
    let failures = claims.count { $0.fails(isStrict: isStrict) }
    let skipped = claims.count { $0.verdict == .notRecomputed }
    var lines = [
      #"<?xml version="1.0" encoding="UTF-8"?>"#,
      "<testsuites>",
      "  <testsuite name=\"\(xmlEscaped(path))\" tests=\"\(claims.count)\" failures=\"\(failures)\" "
        + "errors=\"0\" skipped=\"\(skipped)\">",
    ]
    for claim in claims {
      let head =
        "    <testcase classname=\"\(xmlEscaped(path))\" name=\"\(xmlEscaped(claim.claim.id))\""
      let reason = xmlEscaped(claim.reason[language])
      let sentence = xmlEscaped(claim.claim.sentence)
      if claim.fails(isStrict: isStrict) {
        lines += [
          head + ">",
          "      <failure type=\"\(claim.verdict.rawValue)\" message=\"\(reason)\">\(sentence)</failure>",
          "    </testcase>",
        ]
      } else if claim.verdict == .notRecomputed {
        lines += [head + ">", "      <skipped message=\"\(reason)\"/>", "    </testcase>"]
      } else {
        lines += [
          head + ">",
          "      <system-out>\(claim.verdict.rawValue): \(reason)</system-out>", "    </testcase>",
        ]
      }
    }
    return (lines + ["  </testsuite>", "</testsuites>"]).joined(separator: "\n") + "\n"
  }

  /// What a GitHub or Gitea workflow reads from standard output and puts beside the line: errors and
  /// warnings, a line a claim that does not hold.
  public func annotations(language: Language, isStrict: Bool) -> String {
    claims.compactMap { claim -> String? in
      guard claim.verdict == .wrong || claim.verdict == .weaker else { return nil }
      let kind = claim.fails(isStrict: isStrict) ? "error" : "warning"
      let place = claim.claim.place
      return "::\(kind) file=\(propertyEscaped(place.file)),line=\(place.line ?? 1),"
        + "col=\(place.column ?? 1),title=\(propertyEscaped("\(claim.claim.id): \(claim.verdict.rawValue)"))"
        + "::" + messageEscaped(claim.reason[language]) + "\n"
    }.joined()
  }
}

extension VerifiedClaim {
  /// Whether the claim fails a run: always when wrong, and when weaker in a strict one.
  public func fails(isStrict: Bool) -> Bool {
    verdict == .wrong || (isStrict && verdict == .weaker)
  }
}

private func messageEscaped(_ text: String) -> String {
  text.map { character in
    switch character {
    case "%": "%25"
    case "\r": "%0D"
    case "\n", "\r\n": "%0A"
    default: String(character)
    }
  }.joined()
}

private func propertyEscaped(_ text: String) -> String {
  messageEscaped(text).map { $0 == ":" ? "%3A" : $0 == "," ? "%2C" : String($0) }.joined()
}
