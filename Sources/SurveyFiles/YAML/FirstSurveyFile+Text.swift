import FoundationEssentials
import SurveyData

extension FirstSurveyFile {
  /// The survey file, with comments for the person who edits it.
  var text: String {
    let file = dataset.source.path
    let title = fileName(file).split(separator: ".").first.map(String.init) ?? "Survey"
    var text = """
      # A first survey file of \(fileName(file)), made by `pejling convert`. Every line is a guess from the data:
      # correct the labels, what is missing and why, the scales, and how the sample was drawn.
      survey: \(scalar(title))
      language: \(isDanish ? "da" : "en")
      # population: {name: members, size: 1000}
      # fieldwork: {from: 2022-05-02, to: 2022-05-20, mode: web, invited: 1000, sample: census}
      data:
        - {file: \(scalar(placeOfData))}

      """
    let shared = scales.indices.filter { index in entries.contains { $0.scale == index } }
    if !shared.isEmpty { text += "scales:\n" }
    for index in shared {
      let scale = scales[index]
      text += "  \(scale.name):\n"
      text += categoryLines(scale.categories, indent: 4)
      text += missingLines(scale.missing, indent: 4)
      if !scale.nets.isEmpty {
        let nets = scale.nets.map {
          "\($0.name): [\($0.codes.map(scalar).joined(separator: ", "))]"
        }
        text += "    nets: {\(nets.joined(separator: ", "))}\n"
      }
    }
    text += "variables:\n"
    for entry in entries { text += lines(of: entry) }
    if !sets.isEmpty { text += "multi:\n" }
    for set in sets {
      let label = set.label.isEmpty ? "" : ", label: \(localized(set.label))"
      text +=
        "  \(scalar(set.name)): {columns: [\(set.columns.map(scalar).joined(separator: ", "))], "
        + "selected: \(scalar(set.selected))\(label)}\n"
    }
    switch weights.count {
    case 0:
      text += "# design: {weight: weight, strata: [region], cluster: [workplace]}\n"
    case 1:
      text += "# Is this the weight? Its name and its values say so.\n"
      text += "design: {weight: \(scalar(weights[0]))}\n"
    default:
      text += "# One of these may be the weight: \(weights.map(scalar).joined(separator: ", ")).\n"
      text += "# design: {weight: \(scalar(weights[0]))}\n"
    }
    return text + "disclosure: {minimumBase: 10, minimumCount: 3}\n"
  }

  private func lines(of entry: Entry) -> String {
    var text = "  \(scalar(entry.name)):"
    var body = ""
    if let source = entry.source { body += "    source: \(scalar(source))\n" }
    if !entry.label.isEmpty { body += "    label: \(localized(entry.label))\n" }
    if !entry.question.isEmpty { body += "    question: \(localized(entry.question))\n" }
    if let type = entry.type { body += "    type: \(type)\n" }
    if let scale = entry.scale {
      body += "    scale: \(scales[scale].name)\n"
    } else {
      body += categoryLines(entry.categories, indent: 4)
      body += missingLines(entry.missing, indent: 4)
    }
    text += body.isEmpty ? " {}\n" : "\n" + body
    return text
  }

  private func categoryLines(_ categories: [LabelledCategory], indent: Int) -> String {
    guard !categories.isEmpty else { return "" }
    let blanks = String(repeating: " ", count: indent)
    if categories.allSatisfy(\.label.isEmpty) {
      return
        "\(blanks)categories: [\(categories.map { scalar($0.code) }.joined(separator: ", "))]\n"
    }
    return "\(blanks)categories:\n"
      + categories.map { category in
        let label = category.label.isEmpty ? scalar(category.code) : localized(category.label)
        return "\(blanks)  \(scalar(category.code)): \(label)\n"
      }.joined()
  }

  private func missingLines(_ missing: [LabelledCategory], indent: Int) -> String {
    let coded = missing.filter { !$0.code.isEmpty }
    guard !coded.isEmpty else { return "" }
    let parts = coded.map { category in
      let reason = category.missing ?? .unspecified
      let meaning =
        category.label.isEmpty
        ? reason.rawValue : "{reason: \(reason.rawValue), label: \(localized(category.label))}"
      return "\(scalar(category.code)): \(meaning)"
    }
    return String(repeating: " ", count: indent) + "missing: {\(parts.joined(separator: ", "))}\n"
  }

  private var isDanish: Bool {
    let texts =
      entries.map { $0.label[.da] }
      + scales.flatMap { $0.categories.map { $0.label[.da] + $0.code } }
      + dataset.columns.map(\.name)
    return texts.contains { $0.contains { "æøåÆØÅ".contains($0) } }
  }

  /// The data file as seen from the survey file's folder.
  private var placeOfData: String {
    let data = dataset.source.path
    if folder(data) == folder(path) { return fileName(data) }
    return data.hasPrefix("/") ? data : FileManager.default.currentDirectoryPath + "/" + data
  }

  private func folder(_ path: String) -> String {
    URL(fileURLWithPath: path).deletingLastPathComponent().standardizedFileURL.path
  }

  private func fileName(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}

/// A text as YAML: in quotation marks unless it is a plain word or number.
private func scalar(_ text: String) -> String {
  let reserved: Set<String> = ["true", "false", "yes", "no", "on", "off", "null", "y", "n", "~"]
  let isPlain =
    !text.isEmpty && !reserved.contains(text.lowercased())
    && text.unicodeScalars.allSatisfy { scalar in
      scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
        || "_./".unicodeScalars.contains(scalar)
    } && text.first != "." && text.first != "/"
  if isPlain { return text }
  var quoted = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": quoted += "\\\""
    case "\\": quoted += "\\\\"
    case "\n": quoted += "\\n"
    case "\r": quoted += "\\r"
    case "\t": quoted += "\\t"
    case _
    where scalar.value < 0x20 || scalar.value == 0x7F || (0x80...0x9F).contains(scalar.value):
      let digits = String(scalar.value, radix: 16)
      quoted += "\\x" + String(repeating: "0", count: 2 - digits.count) + digits
    default: quoted.unicodeScalars.append(scalar)
    }
  }
  return quoted + "\""
}

private func localized(_ text: LocalizedText) -> String {
  if let da = text.da, let en = text.en, da != en {
    return "{da: \(scalar(da)), en: \(scalar(en))}"
  }
  return scalar(text[.da])
}
