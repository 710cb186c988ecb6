import CSQLite
import Glibc

/// What SQLite says where it does not do what it is asked.
struct SQLiteError: Error, Equatable {
  /// Its primary result code.
  let code: Int32
  /// In its words.
  let text: String

  /// Somebody else is writing.
  var isBusy: Bool { code == SQLITE_BUSY || code == SQLITE_LOCKED }
}

/// An open database. For one thread at a time.
final class Database {
  private let handle: OpaquePointer
  /// How long a statement waits for others that write.
  let patience = Patience()

  /// Opens the file at `path`, which must be there. No part of the path may be a symbolic link.
  init(_ path: String) throws(SQLiteError) {
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW
    let code = sqlite3_open_v2(path, &opened, flags, nil)
    guard let opened else { throw SQLiteError(code: code, text: "out of memory") }
    guard code == SQLITE_OK else {
      defer { sqlite3_close_v2(opened) }
      throw Database.error(code, opened)
    }
    handle = opened
    // The database owns what SQLite is given here, and closes it first.
    sqlite3_busy_handler(
      handle,
      { patience, tries in
        guard let patience else { return 0 }
        return Unmanaged<Patience>.fromOpaque(patience).takeUnretainedValue().wait(after: Int(tries)) ? 1 : 0
      }, Unmanaged.passUnretained(patience).toOpaque())
  }

  deinit {
    sqlite3_close_v2(handle)
  }

  /// Performs statements that have no result, or whose result does not matter.
  func execute(_ sql: String) throws(SQLiteError) {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw Database.error(code, handle) }
  }

  /// A statement to be performed many times.
  func prepare(_ sql: String) throws(SQLiteError) -> Statement {
    var prepared: OpaquePointer?
    let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    guard code == SQLITE_OK, let prepared else { throw Database.error(code, handle) }
    return Statement(prepared, of: self)
  }

  /// The first column of the first row.
  func number(_ sql: String) throws(SQLiteError) -> Int64 {
    let statement = try prepare(sql)
    return try statement.step() ? statement.number(0) : 0
  }

  /// Whether a transaction is open.
  var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

  /// The key of the row that was last added.
  var lastKey: Int64 { sqlite3_last_insert_rowid(handle) }

  /// How many rows the last statement has changed.
  var changes: Int32 { sqlite3_changes(handle) }

  /// Moves what is in the log into the database, and keeps nobody from writing meanwhile; so under steady load some is
  /// always left. Where the log has become long, those who write are then kept from it for that rest, and the log begins
  /// anew.
  ///
  /// - Parameter longest: in pages.
  func checkpoint(longest: Int32) throws(SQLiteError) {
    // A connection that has read nothing does not know that there is a log.
    _ = try number("PRAGMA schema_version")
    var pages: Int32 = 0
    var code = sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_PASSIVE, &pages, nil)
    if code == SQLITE_OK, pages > longest {
      code = sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_RESTART, nil, nil)
    }
    guard code == SQLITE_OK else { throw Database.error(code, handle) }
  }

  fileprivate func error(_ code: Int32) -> SQLiteError { Database.error(code, handle) }

  /// SQLITE_IOERR_WRITE, which the header only gives as an expression.
  private static let ioErrorWhileWriting = SQLITE_IOERR | 3 << 8

  private static func error(_ code: Int32, _ handle: OpaquePointer) -> SQLiteError {
    var text = String(cString: sqlite3_errmsg(handle))
    if sqlite3_extended_errcode(handle) == ioErrorWhileWriting {
      // The system's own word for it is lost by the time that a transaction has been rolled back.
      text += " while writing; is the size of files limited?"
    } else if code & 0xFF == SQLITE_IOERR || code & 0xFF == SQLITE_CANTOPEN {
      let system = sqlite3_system_errno(handle)
      if system != 0 { text += ": " + String(cString: strerror(system)) }
    }
    return SQLiteError(code: code & 0xFF, text: text)
  }
}

/// A statement of a database.
final class Statement {
  private let handle: OpaquePointer
  private let database: Database

  fileprivate init(_ handle: OpaquePointer, of database: Database) {
    self.handle = handle
    self.database = database
  }

  deinit {
    sqlite3_finalize(handle)
  }

  /// What stands in the place of a `?`.
  enum Value {
    case number(Int64)
    case text(String)
    case bytes([UInt8])
    case null
  }

  /// Begins anew with these values.
  func bind(_ values: Value...) throws(SQLiteError) {
    sqlite3_reset(handle)
    for (position, value) in values.enumerated() {
      let index = Int32(position + 1)
      let code: Int32
      switch value {
      case .number(let number): code = sqlite3_bind_int64(handle, index, number)
      case .null: code = sqlite3_bind_null(handle, index)
      case .bytes(let bytes):
        code = bytes.withUnsafeBytes { moongate_bind_bytes(handle, index, $0.baseAddress, Int32($0.count)) }
      case .text(var text):
        code = text.withUTF8 { moongate_bind_text(handle, index, $0.baseAddress, Int32($0.count)) }
      }
      guard code == SQLITE_OK else { throw database.error(code) }
    }
  }

  /// Goes to the next row; false where there is none.
  func step() throws(SQLiteError) -> Bool {
    let code = sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    defer { sqlite3_reset(handle) }
    guard code == SQLITE_DONE else { throw database.error(code) }
    return false
  }

  /// Performs it to its end.
  func run() throws(SQLiteError) {
    while try step() {}
  }

  /// Lets go of the row that it is at.
  func reset() { sqlite3_reset(handle) }

  func number(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

  func bytes(_ column: Int32) -> [UInt8] {
    let start = sqlite3_column_blob(handle, column)
    return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
  }

  func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }
}
