import SurveyData

extension SurveyFacts {
  /// The lines of a facts box that come from the survey file (AAPOR Code III.A as far as it says).
  func factLines(_ language: Language, _ format: NumberFormat) -> [String] {
    let isDanish = language == .da
    func choose(_ da: String, _ en: String) -> String { isDanish ? da : en }
    var lines: [String] = []
    var who = title[language] + "."
    if let by = fieldwork?.by?[language] {
      who += choose(" Gennemført af: ", " Conducted by: ") + by + "."
    }
    if let commissioner = fieldwork?.commissioner?[language] {
      who += choose(" Betalt af: ", " Paid for by: ") + commissioner + "."
    }
    lines.append(who)
    if let population {
      var text = choose("Målgruppe: ", "Population: ") + population.name[language]
      if let size = population.size { text += " (\(format.count(size)))" }
      lines.append(text + ".")
    }
    if let period = period(language) {
      lines.append(choose("Periode: ", "Period: ") + period + ".")
    }
    var asked: [String] = []
    switch fieldwork?.sample {
    case .census: asked.append(choose("hele målgruppen er inviteret", "everyone was invited"))
    case .probability: asked.append(choose("stikprøve", "probability sample"))
    case .optIn: asked.append(choose("frivillig deltagelse", "self-selected respondents"))
    case nil: break
    }
    if let invited = fieldwork?.invited {
      asked.append("\(format.count(invited)) " + choose("inviteret", "invited"))
    }
    if let mode = fieldwork?.mode?[language] { asked.append(mode) }
    if !asked.isEmpty {
      lines.append(choose("Udvælgelse: ", "Selection: ") + asked.joined(separator: ", ") + ".")
    }
    if let rates = response.flatMap({ ResponseWords(format).fact($0) }) { lines.append(rates) }
    return lines
  }

  /// `2.–20. maj 2022`, `2–20 May 2022`; dates that are no dates stay as written.
  private func period(_ language: Language) -> String? {
    guard let from = fieldwork?.from else { return nil }
    guard let start = Day(from), let end = Day(fieldwork?.to ?? from) else {
      return [from, fieldwork?.to].compactMap { $0 }.joined(separator: "\u{2013}")
    }
    if start == end { return start.text(language) }
    let isSameYear = start.year == end.year
    let isSameMonth = isSameYear && start.month == end.month
    let first =
      isSameMonth
      ? start.dayText(language)
      : isSameYear ? start.dayAndMonth(language) : start.text(language)
    return first + "\u{2013}" + end.text(language)
  }
}

/// A day of the calendar, in words.
private struct Day: Equatable {
  let year: Int
  let month: Int
  let day: Int

  init?(_ text: String) {
    let parts = text.split(separator: "-").compactMap { Int($0) }
    guard parts.count == 3, (1...12).contains(parts[1]), (1...31).contains(parts[2]) else {
      return nil
    }
    (year, month, day) = (parts[0], parts[1], parts[2])
  }

  func dayText(_ language: Language) -> String { language == .da ? "\(day)." : "\(day)" }

  func dayAndMonth(_ language: Language) -> String {
    let months =
      language == .da
      ? [
        "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september",
        "oktober", "november", "december",
      ]
      : [
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
      ]
    return dayText(language) + " " + months[month - 1]
  }

  func text(_ language: Language) -> String { dayAndMonth(language) + " \(year)" }
}
