/// What a number says of time: a day, a time of day, or both, counted from some day.
struct Moment: Sendable, Hashable {
  enum Kind: Sendable { case day, instant, time }

  let kind: Kind
  /// The day from which is counted, itself counted from 1970-01-01.
  let epoch: Int
  /// Units to a second: 1 for SPSS, 1000 for Stata's `%tc`, 1/86,400 where days are counted.
  let perSecond: Double

  /// SPSS counts seconds from 1582-10-14.
  static func spss(_ kind: Kind) -> Moment { Moment(kind: kind, epoch: -141_428, perSecond: 1) }

  /// The number in ISO 8601: `2018-05-06`, `2018-05-06T10:10:10`, `10:10:10`; a duration of a day
  /// or more has more hours than 23. `nil` where the number is none of these.
  func text(_ number: Double) -> String? {
    let seconds = number / perSecond
    guard seconds.isFinite, abs(seconds) < 4e11 else { return nil }
    let whole = seconds.rounded(.down)
    var microseconds = Int(((seconds - whole) * 1e6).rounded())
    var total = Int(whole)
    if microseconds == 1_000_000 {
      microseconds = 0
      total += 1
    }
    let clock: (Int) -> String = { seconds in
      let text = "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
      return microseconds == 0 ? text : text + "." + padded(microseconds, 6)
    }
    if kind == .time { return total < 0 ? nil : clock(total) }
    let second = ((total % 86_400) + 86_400) % 86_400
    guard let day = date((total - second) / 86_400 + epoch) else { return nil }
    return kind == .day ? day : day + "T" + clock(second)
  }
}

/// A day counted from 1970-01-01, in the Gregorian calendar (Hinnant's `civil_from_days`); `nil`
/// outside the years 1 to 9999.
private func date(_ days: Int) -> String? {
  let shifted = days + 719_468
  let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
  let dayOfEra = shifted - era * 146_097
  let yearOfEra =
    (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let shiftedMonth = (5 * dayOfYear + 2) / 153
  let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
  let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  guard (1...9999).contains(year) else { return nil }
  return "\(padded(year, 4))-\(two(month))-\(two(day))"
}

private func two(_ number: Int) -> String { padded(number, 2) }

private func padded(_ number: Int, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
