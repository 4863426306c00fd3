import Glibc
import SurveyData

/// Numbers for people: the one place that rounds.
///
/// Rounds half away from zero on the decimal digits that a person would see, so that 0.125 is
/// 12.5 % and 2.675 with two decimals is 2.68.
public struct NumberFormat: Sendable {
  public var language: Language
  /// Decimals of a percentage.
  public var decimals: Int

  public init(language: Language, decimals: Int = 1) {
    self.language = language
    self.decimals = decimals
  }

  /// A share as a percentage with its sign: `3,3 %`, `3.3%`.
  public func percent(_ share: Double) -> String {
    percentNumber(share) + (language == .da ? " %" : "%")
  }

  /// A share as it stands in a sentence: `3,3 procent`, `44 procent`, `3.3 percent`.
  public func percentInRunningText(_ share: Double) -> String {
    var number = percentNumber(share)
    let mark: Character = language == .da ? "," : "."
    if let position = number.lastIndex(of: mark), decimals > 0,
      number[number.index(after: position)...].allSatisfy({ $0 == "0" })
    {
      number = String(number[..<position])
    }
    return number + (language == .da ? " procent" : " percent")
  }

  /// A share as a percentage without a sign: `3,3`.
  public func percentNumber(_ share: Double) -> String { number(share * 100, decimals: decimals) }

  /// A whole number with thousands set apart: `21.087`, `21,087`.
  public func count(_ count: Int) -> String { number(Double(count), decimals: 0) }

  /// A number with a fixed number of decimals and thousands set apart.
  public func number(_ value: Double, decimals: Int) -> String {
    let digits = roundedHalfAway(value, decimals: decimals)
    guard digits.allSatisfy({ $0.isNumber || $0 == "-" || $0 == "." }) else { return digits }
    let isNegative = digits.hasPrefix("-")
    let parts = digits.drop { $0 == "-" }.split(separator: ".")
    let (thousand, mark) = language == .da ? (".", ",") : (",", ".")
    var whole = ""
    let integer = Array(parts[0])
    for (index, digit) in integer.enumerated() {
      if index > 0, (integer.count - index) % 3 == 0 { whole += thousand }
      whole.append(digit)
    }
    let text = parts.count > 1 ? whole + mark + parts[1] : whole
    let isZero = digits.allSatisfy { !$0.isNumber || $0 == "0" }
    return isNegative && !isZero ? "\u{2212}" + text : text
  }

  /// A number rounded as `number(_:decimals:)` rounds it, for a cell that holds numbers.
  public func rounded(_ value: Double, decimals: Int) -> Double {
    Double(roundedHalfAway(value, decimals: decimals)) ?? value
  }

  /// A p-value: three decimals, and no more than that it is below the least of them.
  public func pValue(_ value: Double) -> String {
    value < 0.001 ? "<" + number(0.001, decimals: 3) : number(value, decimals: 3)
  }

  /// A difference as it is written, with a plus where it is one.
  public func signed(_ text: String, of value: Double) -> String {
    value > 0 && text.contains { $0.isNumber && $0 != "0" } ? "+" + text : text
  }

  /// A number with the decimals it was given with, at most six: `0,5`, `0.975`.
  public func shortest(_ value: Double) -> String {
    let decimals = (0..<6).first { decimals in
      let scaled = value * pow(10, Double(decimals))
      return abs(scaled - scaled.rounded()) <= 1e-9 * max(abs(scaled), 1)
    }
    return number(value, decimals: decimals ?? 6)
  }

  /// A number with its significant decimals, for weights and means: as many as carry meaning.
  public func significant(_ value: Double) -> String {
    let size = abs(value)
    return number(value, decimals: size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3)
  }
}

/// Whether a number, rounded half away from zero to a unit as 0.1 or 5, is a published one.
func rounds(_ value: Double, to published: Double, unit: Double) -> Bool {
  let units = abs(value) / unit
  let whole = units.rounded(.down)
  let rounded = units - whole >= 0.5 - max(units, 1) * 4 * Double.ulpOfOne ? whole + 1 : whole
  let signed = value < 0 ? -rounded : rounded
  return abs(signed - published / unit) < 1e-6
}

/// A number in decimal with that many decimals, half away from zero.
///
/// Values that stand within a few last bits of a half are taken for the half that was meant: a share
/// of 0.0325 is not exactly that in binary.
private func roundedHalfAway(_ value: Double, decimals: Int) -> String {
  let scaled = abs(value) * pow(10, Double(decimals))
  guard scaled < 1e15 else {
    // Beyond the digits that a number has, decimals are zeros.
    if decimals > 0 {
      let digits = roundedHalfAway(value, decimals: decimals - 1)
      return digits + (decimals == 1 ? ".0" : "0")
    }
    return Int128(exactly: value.rounded()).map { String($0) } ?? String(value)
  }
  let whole = scaled.rounded(.down)
  let slack = max(scaled, 1) * 4 * Double.ulpOfOne
  let units = scaled - whole >= 0.5 - slack ? whole + 1 : whole
  var digits = String(Int(units))
  if decimals > 0 {
    digits = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -decimals))
  }
  return (value < 0 ? "-" : "") + digits
}
