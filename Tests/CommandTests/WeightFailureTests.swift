import Foundation
import SurveyTestSupport
import Testing

/// The refusals of `weight` that `WeightCommandTests` leaves: the sentence, the exit code, and no file.
@Suite("Weights that cannot be made")
struct WeightFailureTests {
  private static let schools = "fixtures/data/api/apiclus1.csv"
  private static let oneMargin = "margins:\n  stype: {E: 4421, H: 755, M: 1018}\n"
  private static let data = "a,b,x,g\n1,1,3,u\n1,2,,u\n2,1,5,\n2,2,7,v\n"

  private func expectFailure(
    _ margins: String, _ options: String, input: String = schools, data: String = data,
    status: Int32 = 65, says message: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try withFolder { folder in
      try FileManager.default.createSymbolicLink(
        at: folder.appending(path: "fixtures"), withDestinationURL: Fixture.url(""))
      for (name, text) in ["margins.yaml": margins, "data.csv": data] {
        try Data(text.utf8).write(to: folder.appending(path: name))
      }
      let outcome = try shell(
        "pejling weight \(input) --margins margins.yaml \(options) -o out.csv --report r.md",
        directory: folder)
      #expect(outcome.status == status, sourceLocation: sourceLocation)
      #expect(outcome.stderr == "error: \(message)\n", sourceLocation: sourceLocation)
      #expect(outcome.stdout.isEmpty, sourceLocation: sourceLocation)
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(
        Set(left) == ["fixtures", "margins.yaml", "data.csv"], "\(left)",
        sourceLocation: sourceLocation)
    }
  }

  @Test("methods that the targets are not for")
  func methods() throws {
    try expectFailure(
      Self.oneMargin + "  sch.wide: {\"No\": 1072, \"Yes\": 5122}\n",
      "--weight pw --method poststratify",
      says: "margins.yaml:3:3: post-stratification meets one margin, but there are 2 ('stype', "
        + "'sch.wide'). Cross them in one, as \"stype:sch.wide\", or choose --method rake.")
    try expectFailure(
      "totals:\n  enroll: 3811472\npopulation: 6194\n", "--weight pw --method rake",
      says: "margins.yaml:2:3: 'enroll' is a number, which raking and post-stratification cannot "
        + "meet. Choose --method linear, logit or exponential.")
    try expectFailure(
      "means:\n  enroll: 615\n", "--weight pw --method linear",
      says:
        "margins.yaml:2:3: the mean of 'enroll' needs the number of people. Give population:, or "
        + "a margin of counts.")
    try expectFailure(
      "population: 5\nmargins: {}\n", "--weight pw",
      says:
        "margins.yaml: there is nothing to weight to. Give margins: a column with its codes and "
        + "their counts, or totals: of a number.")
  }

  @Test("bounds and limits that leave out 1")
  func bounds() throws {
    try expectFailure(
      Self.oneMargin, "--weight pw --method linear --bounds 1.2,3", status: 64,
      says:
        "--bounds 1.2,3: the lower bound must be at least 0 and below the upper, with 1 between "
        + "them.")
    try expectFailure(
      Self.oneMargin, "--weight pw --trim 1.2,3", status: 64,
      says: "--trim 1.2,3: weights over mean weight have the mean 1, so the limits must stand on "
        + "either side of it.")
  }

  @Test("bounds between which no weights meet all margins, though each could be met")
  func boundsOfAll() throws {
    try expectFailure(
      "margins:\n  a: {1: 80, 2: 20}\n  b: {1: 20, 2: 80}\n", "--method logit --bounds 0.3,1.8",
      input: "data.csv", data: "a,b\n1,1\n1,1\n1,2\n2,1\n2,2\n2,2\n",
      says:
        "margins.yaml:3:7: logit did not converge: after 200 steps b = 1 is 55, its target 20. No "
        + "weights between 0.3 and 1.8 times the start weights meet all margins, or the search did "
        + "not find them: widen --bounds, or leave out a margin.")
  }

  @Test("groups without targets, respondents without a group")
  func groups() throws {
    try expectFailure(
      "groups:\n  E: {margins: {sch.wide: {\"No\": 10, \"Yes\": 20}}}\n",
      "--weight pw --within stype",
      says: "margins.yaml: there are no targets for the group 'H' of 'stype'. Add it under groups:."
    )
    try expectFailure(
      "margins:\n  a: {1: 5, 2: 5}\n", "--within g", input: "data.csv",
      says:
        "data.csv:4: 'g' is missing, but weights are made within it. Fill it in, or leave the row "
        + "out with --drop.")
  }

  @Test("respondents without the number or the category that is to be met")
  func missing() throws {
    try expectFailure(
      "margins:\n  a: {1: 5, 2: 5}\ntotals:\n  x: 40\n", "--method linear", input: "data.csv",
      says: "data.csv:3: 'x' is missing, here and for 1 respondent in all, but its total is to be "
        + "met. Fill it in, or leave them out with --drop.")
    try expectFailure(
      "margins:\n  g: {u: 5, v: 5}\n", "", input: "data.csv",
      says:
        "data.csv:4: 'g' is missing (empty), here and for 1 respondent in all. Correct the data "
        + "or the margins, leave them out with --drop, or let them keep the share that they start "
        + "with by --unknown keep.")
    try expectFailure(
      "totals:\n  b: 20\nvariance: b0\n", "--method linear", input: "data.csv",
      data: "b,b0\n1,2\n2,0\n",
      says: "data.csv:3: 'b0' is 0, but as the variance of the model it must be above 0.")
  }

  @Test("limits and margins that cannot both be met: the weights keep the limits, and it is said")
  func trimming() throws {
    try withFolder { folder in
      let data = "a\n" + String(repeating: "1\n", count: 8) + "2\n2\n"
      for (name, text) in ["m.yaml": "margins:\n  a: {1: 20, 2: 80}\n", "data.csv": data] {
        try Data(text.utf8).write(to: folder.appending(path: name))
      }
      let outcome = try shell(
        "pejling weight data.csv --margins m.yaml --trim 0.8,1.5 -o out.csv --quiet",
        directory: folder)
      #expect(outcome.status == 0)
      #expect(
        outcome.stdout.contains(
          "Trimming: after 50 rounds the limits and the margins could not both be met; the weights "
            + "are within the limits, and the margins are off by as much as -48.0851 percentage points "
            + "(a = 2)."))
    }
  }
}
