import SurveyData

/// Text that a browser shows as it is, in content and in attributes.
func htmlEscaped(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    // What no browser may be given: control characters other than space.
    case _ where scalar.value < 0x20 && scalar != "\n" && scalar != "\t": continue
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

/// A page that stands by itself: no script, no font and no picture from elsewhere.
func htmlPage(title: String, language: Language, body: [String]) -> String {
  let lines =
    [
      "<!DOCTYPE html>", "<html lang=\"\(language.rawValue)\">", "<head>",
      "<meta charset=\"utf-8\">",
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
      "<title>\(htmlEscaped(title))</title>", "<style>", pageStyle, "</style>", "</head>", "<body>",
    ] + body + ["</body>", "</html>"]
  return lines.joined(separator: "\n") + "\n"
}

private let pageStyle = """
  body { font: 15px/1.45 "DejaVu Sans", Verdana, sans-serif; color: #1a1a1a; background: #fff;
    margin: 2rem auto; max-width: 76rem; padding: 0 1rem; }
  h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .3rem; }
  p.lead { color: #444; margin: .2rem 0 .8rem; } nav ol { columns: 2; }
  div.table { overflow-x: auto; }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .87rem; }
  th, td { padding: .25rem .6rem; text-align: right; vertical-align: bottom; }
  th { font-weight: 600; } th.text, td.text { text-align: left; }
  thead th { border-bottom: 1px solid #333; } thead tr.groups th { border-bottom: 1px solid #bbb;
    text-align: center; }
  thead th { min-width: 3.4rem; } tbody td { white-space: nowrap; }
  thead th span.letter { display: block; color: #1f5c8b; font-weight: 400; }
  tbody th { text-align: left; font-weight: 400; min-width: 14rem; }
  tbody tr.heading th { font-weight: 600; padding-top: .8rem; }
  tbody tr.net th, tbody tr.net td { font-weight: 600; }
  tbody tr.base th, tbody tr.base td { color: #444; background: #f4f4f2; }
  tbody tr.detail th { padding-left: 1.6rem; color: #555; } tbody tr.detail td { color: #555; }
  td.first, th.first { border-left: 1px solid #ccc; } td.withheld { color: #777; }
  td span.letters { color: #1f5c8b; margin-left: .35rem; }
  ul.notes { color: #555; font-size: .8rem; padding-left: 1.1rem; margin-top: .6rem; }
  @media print { h2 { break-after: avoid; } table { break-inside: avoid; } }
  """
