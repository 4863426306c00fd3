import Foundation
import SurveyTestSupport
import Testing

@Suite("Options do what the contract says")
struct OptionTests {
  private func run(_ line: String) throws -> [[String: Any]] {
    let outcome = try shell("pejling \(line) --format json")
    #expect(outcome.status == 0, Comment(rawValue: outcome.stderr))
    return try estimates(outcome)
  }

  private func number(_ estimate: [String: Any], _ key: String) throws -> Double {
    try #require(estimate[key] as? Double, "\(key)")
  }

  private func interval(_ estimate: [String: Any]) throws -> (low: Double, high: Double) {
    let interval = try #require(estimate["interval"] as? [String: Any])
    return (try number(interval, "low"), try number(interval, "high"))
  }

  @Test("--by a,b takes each in turn, a:b crosses, and codes are strings as in the data")
  func groups() throws {
    let each = try run("share \(answers) --item agree --top 1,2 --by region,sex")
    #expect(
      each.compactMap { $0["group"] as? [String: String] }
        == (1...4).map { ["region": "\($0)"] } + [["sex": "1"], ["sex": "2"]])
    let crossed = try run("share \(answers) --item agree --top 1,2 --by region:sex")
    #expect(
      crossed.compactMap { $0["group"] as? [String: String] }
        == (1...4).flatMap { region in (1...2).map { ["region": "\(region)", "sex": "\($0)"] } })
    let sizes = try crossed.map { try number($0, "base") }
    #expect(try sizes.reduce(0, +) == number(each[4], "base") + number(each[5], "base"))
  }

  @Test("--top and --net are one option: one estimate, category null, the net's codes")
  func nets() throws {
    let top = try run("share \(answers) --item agree --weight weight --top 1,2")
    let net = try run("share \(answers) --item agree --weight weight --net '1, 2'")
    #expect(top.count == 1 && net.count == 1)
    #expect(top[0]["category"] is NSNull && top[0]["net"] as? String == "1,2")
    #expect(NSDictionary(dictionary: top[0]) == NSDictionary(dictionary: net[0]))
    let shares = try run("share \(answers) --item agree --weight weight")
    #expect(shares.count == 4 && shares.allSatisfy { $0["net"] is NSNull })
    expectClose(
      try number(top[0], "estimate"),
      try number(shares[0], "estimate") + number(shares[1], "estimate"))
    #expect(try number(top[0], "count") == number(shares[0], "count") + number(shares[1], "count"))
  }

  @Test("--where keeps the design and --drop does not, and both are counted")
  func whereAndDrop() throws {
    let design = "--weight weight --strata region --cluster workplace --nest"
    let inside = try shell(
      "pejling mean \(answers) --item hours \(design) --where 'age >= 40' --format json")
    let rows = try #require(try json(inside)["rows"] as? [String: Any])
    let excluded = try #require(rows["excluded"] as? [String: Int])
    #expect(try #require(excluded["where"]) > 10)
    #expect(rows["read"] as? Int == (rows["used"] as! Int) + excluded.values.reduce(0, +))
    let clusters = try #require(try json(inside)["design"] as? [String: Any])["clusters"] as? Int
    #expect(clusters == 13)

    let without = try shell(
      "pejling mean \(answers) --item hours \(design) --drop 'age < 40' --format json")
    let dropped = try #require(try json(without)["rows"] as? [String: Any])
    #expect(try #require(dropped["excluded"] as? [String: Int])["drop"]! > 10)
    // The same respondents, so the same mean; the error is another matter.
    expectClose(
      try number(estimates(inside)[0], "estimate"), try number(estimates(without)[0], "estimate"))
  }

  @Test("--missing takes codes out of the base; '*' means no column of the design")
  func missing() throws {
    let without = try run("share \(answers) --item agree --missing agree=4,3")
    #expect(without.compactMap { $0["category"] as? String } == ["1", "2"])
    let all =
      "share \(answers) --item agree --weight weight --strata region --cluster workplace --nest"
    let some = try run("\(all) --missing '*=1,9'")
    #expect(some.compactMap { $0["category"] as? String } == ["2", "3", "4"])
    let same = try run("\(all) --missing agree=1")
    #expect(try number(some[0], "base") == number(same[0], "base"))
    #expect(try number(some[0], "standardError") == number(same[0], "standardError"))
    #expect(try run("\(all) --missing agree=1,1 --missing agree=1").count == 3)
  }

  @Test("--keep-missing makes categories of all reasons, or of those named")
  func keepMissing() throws {
    let line = "share \(answers) --item agree --missing agree=4"
    #expect(try run(line).count == 3)
    let all = try run("\(line) --keep-missing")
    #expect(all.compactMap { $0["category"] as? String } == ["1", "2", "3", "4", ""])
    #expect(all.last?["label"] as? String == "no answer")
    #expect(try number(all[0], "base") == 80)
    let one = try run("\(line) --keep-missing noAnswer")
    #expect(one.compactMap { $0["category"] as? String } == ["1", "2", "3", ""])
    let both = try run("\(line) --keep-missing noAnswer,unspecified")
    #expect(both.count == all.count)
  }

  @Test("--df inf gives normal intervals, and --df N Student's")
  func degreesOfFreedom() throws {
    let line = "mean \(schools) --item api00 --weight pw --strata stype"
    let quantiles = [
      ("inf", 1.959963984540054), ("1", 12.706204736174694), ("10", 2.228138851986274),
    ]
    for (df, quantile) in quantiles {
      let estimate = try run("\(line) --df \(df)")[0]
      let (low, high) = try interval(estimate)
      // The critical values of printed tables; the limits lose digits to their distance.
      expectClose(
        (high - low) / 2 / (try number(estimate, "standardError")), quantile, relative: 1e-11)
    }
    #expect(try run("\(line) --df inf")[0]["degreesOfFreedom"] as? String == "inf")
    let csv = try shell("pejling \(line) --df inf --format csv")
    #expect(try ReferenceTable.rows(of: csv.stdout)[0]["degreesOfFreedom"] == "inf")
  }

  @Test("--level widens the interval and is said in it")
  func level() throws {
    let line = "share \(schools) --item awards --weight pw --strata stype"
    var last = 0.0
    for level in [0.5, 0.9, 0.95, 0.99] {
      let estimate = try run("\(line) --level \(level)")[0]
      let (low, high) = try interval(estimate)
      #expect(high - low > last)
      last = high - low
      #expect((estimate["interval"] as? [String: Any])?["level"] as? Double == level)
    }
  }

  @Test(
    "--ci chooses the interval of a share, but at 0 and 1 it is korn-graubard",
    arguments: ["logit", "beta", "korn-graubard", "wilson", "wald", "asin"])
  func intervals(method: String) throws {
    func methods(_ line: String) throws -> [String] {
      try run("\(line) --ci \(method)").compactMap {
        ($0["interval"] as? [String: Any])?["method"] as? String
      }
    }
    #expect(try methods("share \(schools) --item awards --weight pw") == [method, method])
    let all = try methods("share \(answers) --item agree --where 'agree == 2'")
    #expect(all == Array(repeating: "korn-graubard", count: 4))
  }

  @Test("--nest lets cluster ids start over in each stratum")
  func nest() throws {
    // 5, 4, 3 and 2 workplaces are numbered from 1 in four regions; one has weights of zero alone.
    let line =
      "pejling share \(answers) --item agree --weight weight --strata region --cluster workplace"
    let refused = try shell(line)
    #expect(refused.status == 65 && refused.stderr.contains("say --nest"))
    let design = try #require(
      try json(shell("\(line) --nest --format json"))["design"] as? [String: Any])
    #expect(design["clusters"] as? Int == 13 && design["strata"] as? Int == 4)
  }

  @Test("--lonely-psu: the golden variance of every choice, from the command line")
  func lonelyPSU() throws {
    let line =
      "total fixtures/data/golden/lonely.csv --item Age --weight weight --strata stratum --cluster psu"
    #expect(try shell("pejling \(line)").status == 65)
    // Golden number 2: R survey 4.1, lonely.psu.R.
    for (choice, variance) in [
      ("remove", 126_625), ("certainty", 126_625), ("adjust", 562_225), ("average", 189_937.5),
    ] {
      let error = try number(run("\(line) --lonely-psu \(choice)")[0], "standardError")
      expectClose(error * error, variance)
    }
  }

  @Test("--fpc narrows, and --deff chooses what the design is compared with")
  func finitePopulation() throws {
    let line = "mean \(schools) --item api00 --weight pw --strata stype"
    // Golden number 10: R survey, api.Rout.
    expectClose(
      try number(run("\(line) --fpc fpc")[0], "standardError"), 9.4089, relative: 0, absolute: 5e-5)
    let wor = try number(run("\(line) --deff wor")[0], "designEffect")
    let wr = try number(run("\(line) --deff wr")[0], "designEffect")
    #expect(try number(run(line)[0], "designEffect") == wr)
    expectClose(wr / wor, 1 - 200.0 / 6194, relative: 1e-9)
  }

  @Test("--decimals are for people, and --max-bad-rows are counted")
  func decimalsAndBadRows() throws {
    let line = "pejling share \(schools) --item awards"
    #expect(try shell("\(line) --decimals 3").stdout.contains("56.500%"))
    #expect(try shell("\(line) --decimals 0").stdout.contains("57%"))
    let file = "fixtures/malformed/short-row.csv"
    for command in ["share \(file) --item agree", "describe \(file)"] {
      let bad = try shell("pejling \(command) --max-bad-rows 1 --format json")
      #expect(bad.status == 0)
      #expect(bad.stdout.contains("\"read\": 4") && bad.stdout.contains("\"unreadable\": 1"))
      #expect(
        bad.stderr
          == "warning: \(file): 1 of 4 rows is left out: line 4: 4 cells where the header has 5.\n")
    }
  }
}
