/// A node of a YAML file with the place of its first character, both counted from 1.
indirect enum YAMLNode {
  case scalar(String, style: Style, mark: Mark)
  case sequence([YAMLNode], mark: Mark)
  case mapping([(key: YAMLNode, value: YAMLNode)], mark: Mark)

  struct Mark {
    let line: Int
    let column: Int
  }

  /// How a scalar is written.
  enum Style {
    case plain, singleQuoted, doubleQuoted, literal, folded
  }

  var mark: Mark {
    switch self {
    case .scalar(_, _, let mark), .sequence(_, let mark), .mapping(_, let mark): mark
    }
  }

  /// A scalar's text, as it was written.
  var text: String? {
    if case .scalar(let text, _, _) = self { text } else { nil }
  }
}
