import SurveyData

/// A model that the data do not bear, or that cannot be read.
package enum ModelError: InputFault {
  case unreadableTerms(String, what: String)
  case unknownTransform(String, text: String)
  case transformedCategories(String)
  case noReference(code: String, variable: String, categories: [String], file: String)
  case logOfNothing(column: String, value: Double, place: RowPlace)
  case fewValues(column: String, term: String, values: Int, file: String)
  case noRespondents(file: String)
  case fewerRowsThanColumns(rows: Int, columns: Int, file: String)
  case oneOutcome(String, value: String, file: String)
  case notBinary(String, value: Double, place: RowPlace)
  case notACount(String, value: Double, place: RowPlace)
  case twoCategoriesAtLeast(String, file: String)
  case separation(term: String, outcome: String, file: String)
  case noConvergence(iterations: Int, step: Double, file: String)
  case tooManyColumns(Int)

  package var fault: Fault {
    switch self {
    case .unreadableTerms, .unknownTransform, .transformedCategories, .tooManyColumns: .usage
    default: .data
    }
  }

  package var description: String {
    switch self {
    case .unreadableTerms(let text, let what):
      "The terms '\(text)' cannot be read: \(what). Write them as A,B,A:B,log(x),poly(x,2),ns(x,3)."
    case .unknownTransform(let word, let text):
      "The terms '\(text)' use '\(word)', which is no transform. Known are log(x), poly(x,2) and "
        + "ns(x,3)."
    case .transformedCategories(let column):
      "'\(column)' is categorical, so it has no logarithm, polynomial or spline. Use it as it is, "
        + "or name another column."
    case .noReference(let code, let variable, let categories, let file):
      "\(file): '\(variable)' has no respondents with the reference code '\(code)'. Its codes here: "
        + categories.prefix(12).map { "'\($0)'" }.joined(separator: ", ") + "."
    case .logOfNothing(let column, let value, let place):
      "\(place): log(\(column)) needs numbers above 0, and here it is \(shortestText(value)). Leave "
        + "such rows out with --where '\(columnReference(column)) > 0', or use another transform."
    case .fewValues(let column, let term, let values, let file):
      "\(file): \(term) needs more different values of '\(column)' than the \(values) that the "
        + "respondents have."
    case .noRespondents(let file):
      "\(file): nobody has an answer to the outcome and to every term. See the missing codes with "
        + "`pejling describe`, or leave a term out."
    case .fewerRowsThanColumns(let rows, let columns, let file):
      "\(file): \(rows) respondents do not bear a model of \(columns) coefficients. Leave terms out."
    case .oneOutcome(let outcome, let value, let file):
      "\(file): all respondents have the same outcome (\(outcome) is \(value)), so there is nothing "
        + "to explain. Check --outcome and --where."
    case .notBinary(let column, let value, let place):
      "\(place): a logistic model needs an outcome of 0 and 1, and '\(column)' is "
        + "\(shortestText(value)) here. Name the code that counts as yes: --outcome "
        + "\(column)=\(shortestText(value))."
    case .notACount(let column, let value, let place):
      "\(place): a Poisson model needs an outcome of 0 or more, and '\(column)' is "
        + "\(shortestText(value)) here."
    case .twoCategoriesAtLeast(let column, let file):
      "\(file): an ordinal model needs an outcome of two categories at least that somebody chose; "
        + "'\(column)' has one."
    case .separation(let term, let outcome, let file):
      "\(file): '\(term)' separates the outcome \(outcome): among some respondents all answers are "
        + "the same, so no finite coefficient exists. Merge its categories, or leave the term out."
    case .noConvergence(let iterations, let step, let file):
      "\(file): the model did not converge in \(iterations) iterations (the last step was "
        + "\(shortestText(step)) standard deviations). Leave terms out, or merge categories."
    case .tooManyColumns(let columns):
      "The terms make \(columns) coefficients; 500 are the most. Use fewer categories or terms."
    }
  }
}
