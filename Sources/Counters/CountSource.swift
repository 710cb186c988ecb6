import Policy

/// Where counts are found: what every store takes claims from, in the same way.
protocol CountSource {
  /// The count of a reservation, made where there is none; nil where it cannot be had.
  mutating func count(for reservation: Reservation, at moment: Moment) -> (any Count)?

  /// The count that the reservation names, where there is one in its kind of window.
  mutating func running(_ reservation: Reservation) -> (any Count)?
}

/// What was taken together.
enum Marks {
  case one(Mark)
  case several([Mark])

  /// The call has ended so: gives back what is given back then.
  func end(as outcome: CallOutcome, at moment: Moment) {
    switch self {
    case .one(let mark): if mark.refund.applies(to: outcome) { mark.giveBack(at: moment) }
    case .several(let marks): for mark in marks where mark.refund.applies(to: outcome) { mark.giveBack(at: moment) }
    }
  }
}

/// What became of a claim.
enum Taking {
  /// All was taken; what the counts come to with it, where that is wanted.
  case taken(Marks, counts: [Amount])
  /// Nothing was.
  case refused(ReservationAnswer)
}

extension CountSource {
  /// Takes all that the claim asks for, or nothing.
  mutating func take(_ claim: Claim, at moment: Moment) -> Taking {
    let reservations = claim.reservations
    let isJudged = claim.wantsCounts || !claim.demands.isEmpty
    if reservations.count == 1, !isJudged {
      let (mark, answer) = take(reservations[0], index: 0, at: moment)
      return mark.map { .taken(.one($0), counts: []) } ?? .refused(answer)
    }
    var marks: [Mark] = []
    marks.reserveCapacity(reservations.count)
    for index in reservations.indices where reservations[index].amount > 0 || reservations[index].max != nil {
      let (mark, answer) = take(reservations[index], index: index, at: moment)
      guard let mark else {
        for mark in marks.reversed() { mark.giveBack(at: moment) }
        return .refused(answer)
      }
      marks.append(mark)
    }
    guard isJudged else { return .taken(.several(marks), counts: []) }
    var counts: [Amount] = []
    for reservation in reservations { counts.append(used(reservation, at: moment)) }
    if let demand = claim.unmet(for: counts) {
      var ends: [Int64?] = []
      for reservation in reservations { ends.append(running(reservation)?.end(at: moment)) }
      for mark in marks.reversed() { mark.giveBack(at: moment) }
      return .refused(
        .unmet(demand: demand, counts: counts, retryAfter: claim.retryAfter(demand: demand, counts: counts, ends: ends))
      )
    }
    return .taken(.several(marks), counts: counts)
  }

  /// How much is taken. Makes no count where there is none.
  mutating func used(_ reservation: Reservation, at moment: Moment) -> Amount {
    running(reservation)?.used(at: moment) ?? 0
  }

  private mutating func take(
    _ reservation: Reservation, index: Int, at moment: Moment
  ) -> (Mark?, ReservationAnswer) {
    let full = ReservationAnswer.unavailable("as many counts are running as the store holds")
    guard let count = count(for: reservation, at: moment) else { return (nil, full) }
    switch count.take(reservation.amount, at: moment, max: reservation.max) {
    case .taken(let stamp):
      return (Mark(count: count, amount: reservation.amount, stamp: stamp, refund: reservation.refund), full)
    case .exhausted(let used, let retryAfter):
      return (nil, .exhausted(index: index, used: used, retryAfter: retryAfter))
    }
  }
}
