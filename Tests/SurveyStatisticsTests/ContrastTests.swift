import SurveyData
import SurveyStatistics
import SurveyTestSupport
import Testing

@Suite("Differences of overlapping domains")
struct ContrastTests {
  private typealias CellPlace = ContrastEstimator.CellPlace

  /// A share or mean with its linearised variable, by plain loops.
  private struct SlowSide {
    let value: Double
    let z: [Double]
    let inside: [Bool]

    init(_ x: [Double], in inside: [Bool], _ slow: SlowDesign) {
      let size = slow.total(inside.map { $0 ? 1 : 0 })
      let mean = slow.total(x.indices.map { inside[$0] ? x[$0] : 0 }) / size
      value = mean
      z = x.indices.map { inside[$0] ? (x[$0] - mean) / size : 0 }
      self.inside = inside
    }
  }

  private func compare(
    _ contrast: Contrast, from: SlowSide, to: SlowSide, _ slow: SlowDesign, _ place: String
  ) {
    guard slow.sampled(in: from.inside).psus > 0, slow.sampled(in: to.inside).psus > 0 else {
      #expect(contrast.estimate == nil && contrast.caveats == [.emptyBase], "\(place)")
      return
    }
    let scale = max(abs(from.value), abs(to.value))
    expectClose(contrast.estimate!, to.value - from.value, absolute: 1e-12 * scale, place)
    let sampled = slow.sampled(in: zip(from.inside, to.inside).map { $0 || $1 })
    #expect(contrast.degreesOfFreedom == Double(sampled.psus - sampled.strata), "\(place)")
    guard let error = contrast.standardError else {
      #expect(contrast.caveats == [.onePSU], "\(place)")
      return
    }
    let z = zip(from.z, to.z).map { $1 - $0 }
    // What cancels in the difference is measured by what stands in the two sides.
    let sides = slow.covariance(from.z, from.z) + slow.covariance(to.z, to.z)
    expectClose(
      error * error, slow.covariance(z, z), relative: 1e-11, absolute: 1e-12 * sides + 1e-28, place)
    if let t = contrast.statistic, let p = contrast.pValue {
      #expect(t == contrast.estimate! / error && (0...1).contains(p))
      let interval = contrast.interval!
      #expect(interval.low <= contrast.estimate! && contrast.estimate! <= interval.high)
    }
  }

  @Test(
    "shares between groups, the rest and the total equal the slow reference", arguments: 0..<200)
  func shares(seed: Int) throws {
    let survey = try RandomSurvey(seed: UInt64(seed))
    guard survey.categories < 20 else { return }
    let tabulation = survey.design.tabulate(
      TabulationPlan([
        .init(
          groups: [.init(try survey.dataset.categories("group"))],
          cells: .init(try survey.dataset.categories("item")), domain: Domain(survey.inDomain),
          moments: .all)
      ]), rowsPerRun: 3 + seed % 40)[0]
    let estimator = ContrastEstimator(
      tabulation, design: survey.design, inference: Inference())
    let indicator = survey.item.map { $0 == 0 ? 1.0 : 0 }
    func slow(_ groups: [Int]) -> SlowSide {
      let inside = groups.map { survey.answered(group: $0) }.reduce(survey.item.map { _ in false })
      {
        zip($0, $1).map { $0 || $1 }
      }
      return SlowSide(indicator, in: inside, survey.slow)
    }
    let all = Array(0..<survey.groups)
    for to in all {
      var others = [("total", all)]
      others += all.filter { $0 != to }.map { ("group \($0)", [$0]) }
      if all.count > 1 { others.append(("rest", all.filter { $0 != to })) }
      for (name, groups) in others {
        let contrast = estimator.difference(
          from: estimator.share(of: [0], in: groups), to: estimator.share(of: [0], in: [to]))
        compare(
          contrast, from: slow(groups), to: slow([to]), survey.slow,
          "seed \(seed), \(name) to \(to)")
      }
    }
  }

  @Test("means between groups equal the slow reference", arguments: 0..<200)
  func means(seed: Int) throws {
    let survey = try RandomSurvey(seed: UInt64(seed))
    let block = TabulationPlan.Block(
      groups: [.init(try survey.dataset.categories("group"))],
      sums: [.init(try survey.dataset.numbers("x"), origin: 40)], domain: Domain(survey.inDomain),
      moments: .all)
    let estimator = ContrastEstimator(
      survey.design.tabulate(TabulationPlan([block]))[0], design: survey.design,
      inference: Inference())
    func slow(_ groups: [Int]) -> SlowSide {
      SlowSide(
        survey.x,
        in: survey.group.indices.map {
          survey.inDomain[$0] && groups.contains(survey.group[$0]) && survey.slow.weights[$0] > 0
        }, survey.slow)
    }
    let all = Array(0..<min(survey.groups, 6))
    let total = Array(0..<survey.groups)
    for to in all {
      for from in all where from != to {
        compare(
          estimator.difference(
            from: estimator.mean(origin: 40, in: [from]), to: estimator.mean(origin: 40, in: [to])),
          from: slow([from]), to: slow([to]), survey.slow, "seed \(seed), \(from) to \(to)")
      }
      compare(
        estimator.difference(
          from: estimator.mean(origin: 40, in: total), to: estimator.mean(origin: 40, in: [to])),
        from: slow(total), to: slow([to]), survey.slow, "seed \(seed), total to \(to)")
    }
  }

  @Test("two items of the same respondents, each with its own base", arguments: 0..<200)
  func paired(seed: Int) throws {
    let survey = try RandomSurvey(seed: UInt64(seed))
    // In the first category of the item (0), in another (1), or without an answer (2); beside it
    // the group, which the last group is taken to have left unanswered.
    let column = try survey.dataset.categories("item")
    let item = TabulationPlan.Factor(
      column: column,
      levels: column.categories.map { $0.missing != nil ? 2 : $0.code == "0" ? 0 : 1 },
      levelCount: 3)
    let other = try survey.dataset.categories("group")
    let last = survey.groups > 1 ? survey.groups - 1 : -1
    let group = TabulationPlan.Factor(
      column: other,
      levels: other.categories.map { category in
        category.missing != nil || category.code == "\(last)" ? 2 : category.code == "0" ? 0 : 1
      }, levelCount: 3)
    let tabulation = survey.design.tabulate(
      TabulationPlan([
        .init(groups: [item, group], domain: Domain(survey.inDomain), moments: .all)
      ]))[0]
    let estimator = ContrastEstimator(
      tabulation, design: survey.design, inference: Inference())
    func places(_ isMeant: (Int, Int) -> Bool) -> [CellPlace] {
      (0..<9).filter { isMeant($0 / 3, $0 % 3) }.map { CellPlace(group: $0) }
    }
    let contrast = estimator.difference(
      from: estimator.share(
        of: places { item, _ in item == 0 }, among: places { item, _ in item < 2 }),
      to: estimator.share(
        of: places { _, group in group == 0 }, among: places { _, group in group < 2 }))
    let counted = survey.item.indices.map { survey.inDomain[$0] && survey.slow.weights[$0] > 0 }
    compare(
      contrast,
      from: SlowSide(
        survey.item.map { $0 == 0 ? 1 : 0 },
        in: counted.indices.map { counted[$0] && survey.item[$0] >= 0 }, survey.slow),
      to: SlowSide(
        survey.group.map { $0 == 0 ? 1 : 0 },
        in: counted.indices.map { counted[$0] && survey.group[$0] != last }, survey.slow),
      survey.slow, "seed \(seed)")
  }

  @Test("with two groups the rest is the other one, and turning round turns the sign")
  func identities() throws {
    var compared = 0
    for seed in 0..<200 {
      let survey = try RandomSurvey(seed: UInt64(seed))
      guard survey.groups == 2, survey.categories < 20 else { continue }
      let tabulation = survey.design.tabulate(
        TabulationPlan([
          .init(
            groups: [.init(try survey.dataset.categories("group"))],
            cells: .init(try survey.dataset.categories("item")), moments: .all)
        ]))[0]
      let estimator = ContrastEstimator(
        tabulation, design: survey.design, inference: Inference())
      let sides = [0, 1].map { estimator.share(of: [0], in: [$0]) }
      let there = estimator.difference(from: sides[0], to: sides[1])
      let back = estimator.difference(from: sides[1], to: sides[0])
      guard let p = there.pValue else { continue }
      compared += 1
      #expect(back.estimate! == -there.estimate!)
      #expect(back.pValue! == p && back.standardError! == there.standardError!)
      #expect(back.interval!.low == -there.interval!.high)
      let itself = estimator.difference(from: sides[0], to: estimator.share(of: [0], in: [0]))
      #expect(itself.estimate == 0 && itself.pValue == nil)
      #expect(itself.caveats == [.noSamplingError])
    }
    #expect(compared > 20)
  }

  @Test("a share against a number: its own standard error, moved")
  func number() throws {
    let survey = try RandomSurvey(seed: 8)
    let tabulation = survey.design.tabulate(
      TabulationPlan([.init(cells: .init(try survey.dataset.categories("item")))]))[0]
    let contrast = ContrastEstimator(tabulation, design: survey.design, inference: Inference())
    let share = ShareEstimator(
      tabulation, group: 0, design: survey.design, inference: Inference()
    ).estimate(of: [0])
    let difference = contrast.difference(
      from: .number(0.5), to: contrast.share(of: [0], in: [0]))
    #expect(difference.estimate! == share.value! - 0.5)
    expectClose(difference.standardError!, share.standardError!)
    #expect(difference.degreesOfFreedom == share.degreesOfFreedom)
  }

  @Test("p-values by Bonferroni, Holm and Benjamini–Hochberg, by hand; missing ones do not count")
  func adjustment() {
    let pValues = [0.01, 0.04, 0.03, nil, 0.5]
    func adjusted(_ adjustment: Adjustment) -> [Double] {
      adjustment.adjusted(pValues).map { $0 ?? -1 }
    }
    expectClose(adjusted(.none), [0.01, 0.04, 0.03, -1, 0.5])
    expectClose(adjusted(.bonferroni), [0.04, 0.16, 0.12, -1, 1])
    expectClose(adjusted(.holm), [0.04, 0.09, 0.09, -1, 0.5])
    expectClose(adjusted(.benjaminiHochberg), [0.04, 0.16 / 3, 0.16 / 3, -1, 0.5])
    for adjustment in Adjustment.allCases {
      #expect(adjustment.adjusted([nil, nil]) == [nil, nil])
    }
  }
}
