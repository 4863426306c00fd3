import SurveyData
import Testing

@Suite("The nearest name")
struct NearestNameTests {
  private let names = ["stype", "stress", "region", "weight", "q1", "år"]

  @Test(
    "a slip of the keyboard finds the name that was meant",
    arguments: [
      ("stpye", "stype"), ("Stype", "stype"), ("styp", "stype"), ("stresss", "stress"),
      ("regoin", "region"), ("wieght", "weight"), ("q2", "q1"), ("ar", "år"), ("REGION", "region"),
    ])
  func slips(written: String, meant: String) {
    #expect(nearestName(to: written, among: names) == meant)
  }

  @Test("a part of one long header finds it, and a part of two finds none")
  func parts() {
    let headers = ["likert4[recog1]._. [Do you feel]", "likert4[recog2]._. [Do you]", "socio1"]
    #expect(nearestName(to: "recog1", among: headers) == headers[0])
    #expect(nearestName(to: "likert4", among: headers) == nil)
  }

  @Test("what is like none finds none", arguments: ["municipality", "xyzzy", "stxxx"])
  func strangers(written: String) {
    #expect(nearestName(to: written, among: names) == nil)
  }

  @Test(
    "of two equally near, the one that begins alike, else the first; none among none; an empty name is near a letter"
  )
  func edges() {
    #expect(nearestName(to: "agre", among: ["age", "agree"]) == "agree")
    #expect(nearestName(to: "q3", among: ["q1", "q2"]) == "q1")
    #expect(nearestName(to: "q3", among: []) == nil)
    #expect(nearestName(to: "", among: ["abc"]) == nil)
  }
}
