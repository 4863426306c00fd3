import SurveyData

extension SharePhrase {
  /// The wordings that a share bears, the strongest first.
  ///
  /// The nearer a landmark, the more is said; of one landmark, "more than" (which the interval must
  /// bear) says more than the landmark itself, then a little over or under it, then about it. A
  /// majority or a minority comes last. "More than" is offered up to 5 points beyond the landmark and
  /// below the next one: farther off it says too little. `mange`, `flere`, `kun`, `blot` and `hele` are
  /// never offered: they judge, or count nothing.
  ///
  /// - Parameters:
  ///   - share: from 0 to 1.
  ///   - interval: its confidence interval; without one only wordings of the estimate are offered.
  public static func offered(
    for share: Double, interval: (low: Double, high: Double)?, language: Language
  ) -> [SharePhrase] {
    let percent = share * 100
    let order: [PhraseModifier] = [
      .moreThan, .fewerThan, .exactly, .littleOver, .littleUnder, .about,
    ]
    let nearest = Landmark.all.sorted { abs($0.percent - percent) < abs($1.percent - percent) }
    let landmarks = nearest.flatMap { landmark in
      order.filter { $0.isOffered(for: percent, at: landmark) }.map { modifier in
        let words = modifier.words(language)[0]
        let name = landmark.words(language)[0]
        return SharePhrase(words.isEmpty ? name : "\(words) \(name)", modifier, landmark)
      }
    }
    let candidates = landmarks + MajorityWords.all.map { $0.phrase(language) }
    return candidates.filter { $0.fit(share, interval: interval) == .holds }
  }
}

extension PhraseModifier {
  /// More or fewer than a landmark is said near it, and before the next one is reached.
  fileprivate func isOffered(for percent: Double, at landmark: Landmark) -> Bool {
    guard self == .moreThan || self == .fewerThan else { return true }
    let next = Landmark.neighbours(of: landmark.percent)
    return abs(percent - landmark.percent) <= 5 && next.below < percent && percent < next.above
  }
}
