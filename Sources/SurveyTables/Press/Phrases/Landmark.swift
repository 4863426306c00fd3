import SurveyData

/// A share that has a name: a fifth, a half, two in three.
///
/// Ranges are those of the Danish press (percent, both ends in); English ones are the same.
struct Landmark: Sendable {
  /// What the name means exactly, in percent.
  let percent: Double
  /// The estimates that the plain name is said of.
  let accepted: ClosedRange<Double>
  /// Where "a little more than" begins, when not right above `percent`.
  var littleOverFrom: Double?
  /// Whether "about" widens `accepted` by one point, as it does for "every n-th"; of the others it
  /// is within 2.5 points of `percent`.
  let isEvery: Bool
  /// The first word is the one that is written.
  let da: [String]
  let en: [String]

  /// In ascending order.
  static let all: [Landmark] = [
    every(10, 9...11, ["hver tiende", "én ud af ti", "en ud af ti"], ["one in ten"]),
    every(12.5, 12...13, ["hver ottende", "én ud af otte", "en ud af otte"], ["one in eight"]),
    every(
      50.0 / 3, 15.5...17.9, ["hver sjette", "én ud af seks", "en ud af seks"], ["one in six"]),
    every(20, 18.5...21.5, ["hver femte", "én ud af fem", "en ud af fem"], ["one in five"]),
    every(25, 23...27, ["hver fjerde", "én ud af fire", "en ud af fire"], ["one in four"]),
    every(100.0 / 3, 31.5...35, ["hver tredje", "én ud af tre", "en ud af tre"], ["one in three"]),
    of(40, 38.5...41.5, ["to ud af fem"], ["two in five"]),
    Landmark(
      percent: 50, accepted: 48.5...51.5, littleOverFrom: 50.5, isEvery: false,
      da: ["halvdelen"], en: ["half"]),
    of(60, 58.5...61.5, ["tre ud af fem"], ["three in five"]),
    of(200.0 / 3, 65...68.5, ["to ud af tre", "to tredjedele"], ["two in three", "two thirds"]),
    of(
      75, 73.5...76.5, ["tre ud af fire", "tre fjerdedele"], ["three in four", "three quarters"]),
    of(80, 78.5...81.5, ["fire ud af fem"], ["four in five"]),
    of(90, 88.5...91.5, ["ni ud af ti"], ["nine in ten"]),
  ]

  private static func every(
    _ percent: Double, _ accepted: ClosedRange<Double>, _ da: [String], _ en: [String]
  ) -> Landmark {
    Landmark(percent: percent, accepted: accepted, isEvery: true, da: da, en: en)
  }

  private static func of(
    _ percent: Double, _ accepted: ClosedRange<Double>, _ da: [String], _ en: [String]
  ) -> Landmark {
    Landmark(percent: percent, accepted: accepted, isEvery: false, da: da, en: en)
  }

  func words(_ language: Language) -> [String] { language == .da ? da : en }

  /// The nearest landmark below a share, and above it, that is not the share itself.
  static func neighbours(of percent: Double) -> (below: Double, above: Double) {
    (
      all.map(\.percent).last { $0 < percent - 1e-9 } ?? 0,
      all.map(\.percent).first { $0 > percent + 1e-9 } ?? 100
    )
  }
}
