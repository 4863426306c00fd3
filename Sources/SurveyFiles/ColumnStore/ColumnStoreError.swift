import SurveyData

/// Why a column store cannot be read.
public enum ColumnStoreError: InputFault {
  case missing(store: String)
  case noManifest(store: String)
  case damagedManifest(store: String, reason: String)
  case otherSchema(String, store: String)
  case missingFile(String, column: String, store: String)
  /// `reason` goes on after "its file".
  case damagedFile(String, column: String, store: String, reason: String)

  public var fault: Fault {
    switch self {
    case .missing, .noManifest: .input
    default: .data
    }
  }

  public var description: String {
    switch self {
    case .missing(let store): "\(store): there is no such column store."
    case .noManifest(let store):
      "\(store): the folder is no column store: it has no \(StoreManifest.fileName). "
        + "Make one with `pejling convert DATA -o \(store)`, where no such folder is."
    case .damagedManifest(let store, let reason):
      "\(store)/\(StoreManifest.fileName): this is no manifest of a column store: \(reason). "
        + remedy
    case .otherSchema(let schema, let store):
      "\(store): the store is of the schema '\(schema)', and this version of Pejling reads "
        + "'\(StoreManifest.schema)'. " + remedy
    case .missingFile(let file, let column, let store):
      "\(store): the file \(file) of \(column) is not there. " + remedy
    case .damagedFile(let file, let column, let store, let reason):
      "\(store): the file \(file) of \(column) \(reason). " + remedy
    }
  }

  private var remedy: String { "Make the store anew from its source with `pejling convert`." }
}
