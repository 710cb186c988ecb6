/// The months of the Gregorian calendar in UTC, as far as nanoseconds since 1970 reach: from 1678 to 2262.
enum CalendarMonth {
  private static let day: Int64 = 86_400_000_000_000
  /// From 0000-03-01, with which eras begin here, to 1970-01-01.
  private static let daysBefore1970: Int64 = 719_468
  /// Four hundred years, after which the calendar repeats itself.
  private static let era: Int64 = 146_097

  /// The first nanosecond of the month in which `wall` lies, and the first of the next one.
  static func bounds(of wall: Int64) -> (start: Int64, end: Int64) {
    let days = wall / day - (wall % day < 0 ? 1 : 0)
    let (year, month) = yearAndMonth(of: days)
    let next = month == 12 ? (year + 1, Int64(1)) : (year, month + 1)
    return (nanoseconds(firstDay(of: year, month)), nanoseconds(firstDay(of: next.0, next.1)))
  }

  /// Beyond what can be told in nanoseconds, the last moment that can.
  private static func nanoseconds(_ days: Int64) -> Int64 {
    let (product, isBeyond) = days.multipliedReportingOverflow(by: day)
    return isBeyond ? (days < 0 ? .min : .max) : product
  }

  /// Years are counted from March here, so that the odd day of a leap year is the last of its year.
  private static func yearAndMonth(of days: Int64) -> (Int64, Int64) {
    let shifted = days + daysBefore1970
    let dayOfEra = shifted.modulo(era)
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + (shifted - dayOfEra) / era * 400 + (month <= 2 ? 1 : 0)
    return (year, month)
  }

  private static func firstDay(of year: Int64, _ month: Int64) -> Int64 {
    let fromMarch = month > 2 ? year : year - 1
    let yearOfEra = fromMarch.modulo(400)
    let monthFromMarch = month > 2 ? month - 3 : month + 9
    let dayOfYear = (153 * monthFromMarch + 2) / 5
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return (fromMarch - yearOfEra) / 400 * era + dayOfEra - daysBefore1970
  }
}

extension Int64 {
  /// What is left by a division that rounds down.
  fileprivate func modulo(_ divisor: Int64) -> Int64 {
    let rest = self % divisor
    return rest < 0 ? rest + divisor : rest
  }
}
