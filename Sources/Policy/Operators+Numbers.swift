import Wire

extension Operator {
  /// The number that an operand has to be.
  static func number(_ operand: JSON) throws(OperandError) -> ExactNumber {
    guard case .number(let number) = operand else {
      throw OperandError(
        "\(name) needs a number, not \(operand.kind.phrase)", hint: "write digits, without quotes")
    }
    return number
  }
}
